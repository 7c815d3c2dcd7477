import { ConnectionLost } from "../../../provider/http/errors.ts";
import type { Response, Send } from "../../../provider/http/message.ts";
import type { Place, Sight } from "./place.ts";
import type { Mishap } from "./step.ts";

/** The process of an operation died before it came to an end. */
export class Died extends Error {
	override readonly name = "Died";
}

/** How an operation changed the object by one request. */
export interface Write {
	readonly before: Sight | undefined;
	readonly after: Sight | undefined;
	/** The object when the process last read it, or wrote it itself. */
	readonly known: Sight | undefined;
}

/** One operation of a process: counts its requests, lets one of them come to grief, and notes what it writes. */
export class Operation {
	/** Everything that it changed, in order. */
	readonly writes: Write[] = [];
	requests = 0;
	/** Whether its mishap has happened. */
	struck = false;
	#known: Sight | undefined;
	#die: (error: Died) => void = () => undefined;
	readonly #dead: Promise<never>;
	readonly #place: Place;
	readonly #mishap: Mishap | undefined;

	constructor(place: Place, mishap?: Mishap) {
		this.#place = place;
		this.#mishap = mishap;
		this.#dead = new Promise((_resolve, reject) => {
			this.#die = reject;
		});
		this.#dead.catch(() => undefined);
	}

	/** Does the work, unless the process dies over it. */
	run<Result>(work: () => Promise<Result>): Promise<Result> {
		return Promise.race([work(), this.#dead]);
	}

	/** The services' network, as this operation finds it. */
	readonly send: Send = async (request) => {
		this.requests += 1;
		const mishap = this.#mishap?.at === this.requests ? this.#mishap.kind : undefined;
		this.struck ||= mishap !== undefined;
		if (mishap === "dies before") return this.#end();
		if (mishap === "request lost") throw new ConnectionLost("the request was lost");
		const answer = await this.#carryOut(request);
		if (mishap === "dies after") return this.#end();
		if (mishap === "answer lost") throw new ConnectionLost("the answer was lost");
		return mishap === undefined ? answer : { status: 502, headers: {}, text: "<html>Bad Gateway</html>" };
	};

	async #carryOut(request: Parameters<Send>[0]): Promise<Response> {
		const before = this.#place.view();
		const answer = await this.#place.network(request);
		const after = this.#place.view();
		if (JSON.stringify(before) !== JSON.stringify(after)) {
			this.writes.push({ before, after, known: this.#known });
			this.#known = after;
		} else if (request.method === "GET") this.#known = after;
		return answer;
	}

	#end(): Promise<never> {
		this.#die(new Died("the process died"));
		return new Promise(() => undefined);
	}
}
