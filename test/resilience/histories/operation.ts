import { ConnectionLost } from "../../../provider/http/errors.ts";
import type { HttpRequest, HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import type { Loss, Mishap, Refusal } from "./steps.ts";

/** A service during an operation. */
export interface Service<Sight> {
	/** The service, without a network. */
	readonly network: SendRequest;
	/** Returns the name of the object that a request is about. */
	about(request: HttpRequest): string;
	/** Returns an object, or undefined. */
	see(name: string): Sight | undefined;
	/** The responses to requests that are not carried out, if histories of this service have such faults. */
	readonly answers?: Readonly<Record<Refusal, HttpResponse>>;
}

/** A change of an object by one request. */
export interface Write<Sight> {
	readonly id: string;
	readonly before: Sight | undefined;
	readonly after: Sight | undefined;
	/** The object as the process last read or wrote it. */
	readonly known: Sight | undefined;
}

/** The process of an operation died before it ended. */
class Died extends Error {
	override readonly name = "Died";
}

const BAD_GATEWAY: HttpResponse = { status: 502, headers: {}, text: "<html>Bad Gateway</html>" };

/** One operation of a process: counts its requests, lets some of them fail, and records its writes. */
export class Operation<Sight> {
	/** All changes by the operation, in order. */
	readonly writes: Write<Sight>[] = [];
	requests = 0;
	/** Whether its fault has occurred. */
	struck = false;
	/** Whether the process died of the fault. */
	died = false;
	readonly #sent: Promise<unknown>[] = [];
	readonly #known = new Map<string, Sight | undefined>();
	#die: (error: Died) => void = () => undefined;
	readonly #dead: Promise<never>;
	readonly #service: Service<Sight>;
	readonly #mishap: Mishap | undefined;

	constructor(service: Service<Sight>, mishap?: Mishap) {
		this.#service = service;
		this.#mishap = mishap;
		this.#dead = new Promise((_resolve, reject) => {
			this.#die = reject;
		});
		this.#dead.catch(() => undefined);
	}

	/** Does the work, unless the process dies of the fault. */
	async run<Result>(work: () => Promise<Result>): Promise<Result> {
		try {
			return await Promise.race([work(), this.#dead]);
		} finally {
			// Requests that a killed process had sent are carried out before anybody reads.
			await Promise.allSettled(this.#sent);
		}
	}

	/** The service's network for this operation. */
	readonly send: SendRequest = async (request) => {
		if (this.died) return waitForever();
		this.requests += 1;
		const mishap = this.#mishapNow();
		this.struck ||= mishap !== undefined;
		if (mishap === "dies before") return this.#end();
		if (mishap === "request lost") throw new ConnectionLost("the request was lost");
		if (isRefusal(mishap) && this.#service.answers !== undefined) return this.#service.answers[mishap];
		const carriedOut = this.#carryOut(request);
		this.#sent.push(carriedOut);
		const answer = await carriedOut;
		if (this.died) return waitForever();
		if (mishap === "dies after") return this.#end();
		if (mishap === "answer lost") throw new ConnectionLost("the answer was lost");
		return mishap === undefined ? answer : BAD_GATEWAY;
	};

	#mishapNow(): Loss | Refusal | undefined {
		if (this.#mishap === undefined) return undefined;
		const { at, times = 1, kind } = this.#mishap;
		return this.requests >= at && this.requests < at + times ? kind : undefined;
	}

	async #carryOut(request: HttpRequest): Promise<HttpResponse> {
		const id = this.#service.about(request);
		const before = this.#service.see(id);
		const answer = await this.#service.network(request);
		const after = this.#service.see(id);
		if (JSON.stringify(before) !== JSON.stringify(after)) {
			this.writes.push({ id, before, after, known: this.#known.get(id) });
			this.#known.set(id, after);
		} else if (request.method === "GET") this.#known.set(id, after);
		return answer;
	}

	#end(): Promise<never> {
		this.died = true;
		this.#die(new Died("the process died"));
		return waitForever();
	}
}

function isRefusal(kind: Loss | Refusal | undefined): kind is Refusal {
	return kind === "server error" || kind === "throttled" || kind === "refused";
}

function waitForever(): Promise<never> {
	return new Promise(() => undefined);
}
