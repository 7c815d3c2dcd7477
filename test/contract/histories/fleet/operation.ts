import { ConnectionLost } from "../../../../provider/http/errors.ts";
import type { Response, Send } from "../../../../provider/http/message.ts";
import { Died } from "../operation.ts";
import type { FleetPlace, Sight } from "./place.ts";
import type { Mishap } from "./step.ts";

/** How an operation changed a device by one request. */
export interface Write {
	readonly id: string;
	readonly before: Sight | undefined;
	readonly after: Sight | undefined;
	/** The device when the process last read it, or wrote it itself. */
	readonly known: Sight | undefined;
}

/** One operation of a process: counts its requests, lets some of them come to grief, and notes what it writes. */
export class Operation {
	/** Everything that it changed, in order. */
	readonly writes: Write[] = [];
	requests = 0;
	/** Whether its mishap has happened. */
	struck = false;
	/** Whether the process died over it. */
	died = false;
	readonly #sent: Promise<unknown>[] = [];
	readonly #known = new Map<string, Sight | undefined>();
	#die: (error: Died) => void = () => undefined;
	readonly #dead: Promise<never>;
	readonly #place: FleetPlace;
	readonly #mishap: Mishap | undefined;

	constructor(place: FleetPlace, mishap?: Mishap) {
		this.#place = place;
		this.#mishap = mishap;
		this.#dead = new Promise((_resolve, reject) => {
			this.#die = reject;
		});
		this.#dead.catch(() => undefined);
	}

	/** Does the work, unless the process dies over it. */
	async run<Result>(work: () => Promise<Result>): Promise<Result> {
		try {
			return await Promise.race([work(), this.#dead]);
		} finally {
			// What a process that died had sent already is carried out before anybody looks.
			await Promise.allSettled(this.#sent);
		}
	}

	/** The hub's network, as this operation finds it. */
	readonly send: Send = async (request) => {
		if (this.died) return never();
		this.requests += 1;
		const mishap = this.#mishapNow();
		this.struck ||= mishap !== undefined;
		if (mishap === "dies before") return this.#end();
		if (mishap === "request lost") throw new ConnectionLost("the request was lost");
		const early = mishap === undefined ? undefined : answered(mishap);
		if (early !== undefined) return early;
		const carriedOut = this.#carryOut(request);
		this.#sent.push(carriedOut);
		const answer = await carriedOut;
		if (this.died) return never();
		if (mishap === "dies after") return this.#end();
		if (mishap === "answer lost") throw new ConnectionLost("the answer was lost");
		return mishap === undefined ? answer : { status: 502, headers: {}, text: "<html>Bad Gateway</html>" };
	};

	#mishapNow(): Mishap["kind"] | undefined {
		if (this.#mishap === undefined) return undefined;
		const { at, times, kind } = this.#mishap;
		return this.requests >= at && this.requests < at + times ? kind : undefined;
	}

	async #carryOut(request: Parameters<Send>[0]): Promise<Response> {
		const id = /^\/devices\/([^/]+)$/.exec(request.url.pathname)?.[1] ?? "";
		const before = this.#place.see(id);
		const answer = await this.#place.network(request);
		const after = this.#place.see(id);
		if (JSON.stringify(before) !== JSON.stringify(after)) {
			this.writes.push({ id, before, after, known: this.#known.get(id) });
			this.#known.set(id, after);
		} else if (request.method === "GET") this.#known.set(id, after);
		return answer;
	}

	#end(): Promise<never> {
		this.died = true;
		this.#die(new Died("the process died"));
		return never();
	}
}

/** What is answered in place of carrying the request out. */
function answered(kind: Mishap["kind"]): Response | undefined {
	const answer = (status: number, code: string): Response => ({
		status,
		headers: { "iothub-errorcode": code },
		text: JSON.stringify({ Message: `ErrorCode:${code};${code}` }),
	});
	if (kind === "throttled") return answer(429, "ThrottlingBacklogTimeout");
	if (kind === "server error") return answer(500, "ServerError");
	return kind === "refused" ? answer(400, "ArgumentInvalid") : undefined;
}

function never(): Promise<never> {
	return new Promise(() => undefined);
}
