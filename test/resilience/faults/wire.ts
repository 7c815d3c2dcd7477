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
	/** The time in milliseconds on a clock that only runs forward. */
	now(): number;
}

/** The time over which requests are counted, in milliseconds. */
const WINDOW_MS = 10_000;
/** The maximum number of requests to a failing service in a second, on average over that time, for each object. */
const MAX_REQUESTS_PER_SECOND = 1;
/** The number of requests to a failing service after which an operation is ended: it would never end by itself. */
const MAX_REQUESTS = 3_000;

/** A network without sockets: it passes the provider's requests to an emulator, with at most one trap at a time. */
export class Wire implements Place {
	#emulator: InProcessEmulator | undefined;
	#trap: Trap | undefined;
	#count = 0;
	/** The number of requests that met the trap. */
	#trapped = 0;
	/** The times of those that failed. */
	#failedAt: number[] = [];
	#hidden: readonly [what: string, instead: string] | undefined;

	/** The number of requests since the trap was laid or {@link forget} was called. */
	get count(): number {
		return this.#count;
	}

	/** Restarts the count at 1 and lays a trap. */
	lay(trap: Trap): void {
		this.forget();
		this.#trap = trap;
		this.#trapped = 0;
		this.#failedAt = [];
	}

	/** Removes the trap. */
	forget(): void {
		this.#trap = undefined;
		this.#count = 0;
	}

	/**
	 * Describes a storm of requests to a failing service; empty if there was none.
	 *
	 * @param objects the number of objects whose operations run at the same time
	 */
	listStorms(objects: number): string[] {
		const times = this.#failedAt;
		let first = 0;
		let most = 0;
		for (const [at, time] of times.entries()) {
			while (time - (times[first] ?? time) >= WINDOW_MS) first++;
			most = Math.max(most, at - first + 1);
		}
		const isCalm = most <= (objects * MAX_REQUESTS_PER_SECOND * WINDOW_MS) / 1_000;
		return isCalm ? [] : [`${most} requests to a failing service in ten seconds`];
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
		if (!springs) return ask();
		const at = trap.now();
		if (this.#trapped > MAX_REQUESTS) throw new TypeError("The requests to a failing service do not end");
		this.#trapped += 1;
		const happening = trap.happen({ request, ask, jump: trap.jump });
		// A response with another object is a response: whoever waits for the right one may ask again every second.
		const isFailure = await happening.then(
			({ status, text }) => status >= 300 || !isJson(text),
			() => true,
		);
		if (isFailure) this.#failedAt.push(at);
		return happening;
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

function isJson(text: string): boolean {
	try {
		return text === "" || JSON.parse(text) !== undefined;
	} catch {
		return false;
	}
}
