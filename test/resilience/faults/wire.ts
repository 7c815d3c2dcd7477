import type { HttpRequest, HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import type { Place } from "../../contract/subject/subject.ts";
import { createInProcessEmulator, type InProcessEmulator } from "../../emulator/inProcess.ts";
import type { Happening } from "./troubles.ts";

/** What goes wrong with which requests, counted from 1. */
export interface Trap {
	readonly happen: Happening;
	readonly from: number;
	/** Whether it goes on for as long as the operation does, or happens once. */
	readonly lasts: boolean;
	/** Makes time pass. */
	jump(milliseconds: number): void;
}

/** A network without sockets: it hands the provider's requests to an emulator, and one trap at a time may lie on the way. */
export class Wire implements Place {
	#emulator: InProcessEmulator | undefined;
	#trap: Trap | undefined;
	#count = 0;
	#hidden: readonly [what: string, instead: string] | undefined;

	/** The requests since the trap was laid or {@link forget} was called. */
	get count(): number {
		return this.#count;
	}

	/** Counts from 1 again, and lays a trap. */
	lay(trap: Trap): void {
		this.forget();
		this.#trap = trap;
	}

	/** Takes the trap away. */
	forget(): void {
		this.#trap = undefined;
		this.#count = 0;
	}

	/** Whoever asks for an object whose address has this text is told what there is of another one, which there is not. */
	hide(what: string, instead: string): void {
		this.#hidden = [what, instead];
	}

	/** Hides nothing any more. */
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
		if (this.#emulator === undefined) throw new TypeError("Nothing was started");
		const { status, headers, body } = await this.#emulator.ask(
			this.#hidden ? sendBeside(request, this.#hidden) : request,
		);
		return { status, headers, text: body };
	}
}

/** The same question about another object. */
function sendBeside<Asked extends Pick<HttpRequest, "method" | "url">>(
	request: Asked,
	[what, instead]: readonly [string, string],
): Asked {
	if (request.method !== "GET") return request;
	return { ...request, url: new URL(request.url.href.replaceAll(what, instead)) };
}
