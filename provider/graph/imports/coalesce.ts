import type { Clock } from "../../http/clock.ts";

/** How long nobody must have joined before those who came are served, in milliseconds. */
const QUIET_PERIOD_MS = 40;
/** How long the first of them waits for others at most, in milliseconds. */
const MAX_COALESCING_MS = 2_000;

/** Answers one of those who asked together. */
export type Responder<Item, Result> = (item: Item) => Result | Promise<Result>;

interface PendingBatch<Item, Result> {
	readonly items: Item[];
	readonly responder: Promise<Responder<Item, Result>>;
}

/**
 * Brings together what is asked for at the same time, so that one request can serve all. Who comes alone waits some
 * hundredths of a second; where many come in a row the first waits two seconds at most.
 */
export class RequestCoalescer<Item, Result> {
	readonly #clock: Clock;
	readonly #serve: (asks: readonly Item[]) => Promise<Responder<Item, Result>>;
	#openBatch: PendingBatch<Item, Result> | undefined;

	/** @param serve does for all of them what can be done at once; what it throws is everybody's error */
	constructor(clock: Clock, serve: (asks: readonly Item[]) => Promise<Responder<Item, Result>>) {
		this.#clock = clock;
		this.#serve = serve;
	}

	/** Asks together with whoever else does. */
	async submit(item: Item): Promise<Result> {
		const respond = await this.#join(item);
		return respond(item);
	}

	#join(item: Item): Promise<Responder<Item, Result>> {
		if (this.#openBatch === undefined) {
			const items = [item];
			this.#openBatch = { items, responder: this.#serveWhenQuiet(items) };
		} else this.#openBatch.items.push(item);
		return this.#openBatch.responder;
	}

	async #serveWhenQuiet(items: readonly Item[]): Promise<Responder<Item, Result>> {
		const { now, sleep } = this.#clock;
		const endsAt = now() + MAX_COALESCING_MS;
		for (let knownCount = 0; knownCount < items.length && now() < endsAt; ) {
			knownCount = items.length;
			await sleep(QUIET_PERIOD_MS);
		}
		this.#openBatch = undefined;
		return this.#serve(items);
	}
}
