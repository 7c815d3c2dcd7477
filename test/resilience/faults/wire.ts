import type { HttpRequest, HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import type { Place } from "../../contract/subject/subject.ts";
import { createInProcessEmulator, type InProcessEmulator } from "../../emulator/inProcess.ts";
import type { Happening } from "./troubles.ts";

/** A fault and the requests that it affects, counted from 1. */
export interface Trap {
	readonly happen: Happening;
	readonly from: number;
	/** Whether it affects all further requests of the operation, or only one. */
	readonly lasts: boolean;
	/** Advances time. */
	jump(milliseconds: number): void;
}

/** A network without sockets: it passes the provider's requests to an emulator, with at most one trap at a time. */
export class Wire implements Place {
	#emulator: InProcessEmulator | undefined;
	#trap: Trap | undefined;
	#count = 0;
	#hidden: readonly [what: string, instead: string] | undefined;

	/** The number of requests since the trap was laid or {@link forget} was called. */
	get count(): number {
		return this.#count;
	}

	/** Restarts the count at 1 and lays a trap. */
	lay(trap: Trap): void {
		this.forget();
		this.#trap = trap;
	}

	/** Removes the trap. */
	forget(): void {
		this.#trap = undefined;
		this.#count = 0;
	}

	/** Redirects requests whose address has this text to an object that does not exist. */
	hide(what: string, instead: string): void {
		this.#hidden = [what, instead];
	}

	/** Stops hiding anything. */
	show(): void {
		this.#hidden = undefined;
	}

	readonly start: Place["start"] = async (options) => {
		this.#emulator = createInProcessEmulator(options);
		return this.#emulator;
	};

	readonly network: SendRequest = async (request) => {
		this.#count += 1;
		const trap = this.#trap;
		const springs = trap !== undefined && (trap.lasts ? this.#count >= trap.from : this.#count === trap.from);
		const ask = () => this.#ask(request);
		return springs ? trap.happen({ request, ask, jump: trap.jump }) : ask();
	};

	readonly fetch: typeof fetch = async (input, init) => {
		const { text } = await this.#ask({
			method: "POST",
			url: new URL(String(input)),
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: String(init?.body),
		});
		return new Response(text);
	};

	async #ask(request: Pick<HttpRequest, "method" | "url" | "headers" | "body">): Promise<HttpResponse> {
		if (this.#emulator === undefined) throw new TypeError("No service was started");
		const { status, headers, body } = await this.#emulator.ask(
			this.#hidden ? sendBeside(request, this.#hidden) : request,
		);
		return { status, headers, text: body };
	}
}

/** Sends the same request about another object. */
function sendBeside<Asked extends Pick<HttpRequest, "method" | "url">>(
	request: Asked,
	[what, instead]: readonly [string, string],
): Asked {
	if (request.method !== "GET") return request;
	return { ...request, url: new URL(request.url.href.replaceAll(what, instead)) };
}
