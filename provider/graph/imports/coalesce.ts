import type { Clock } from "../../http/clock.ts";

/** How long a batch waits for another item before it is served, in milliseconds. */
const QUIET_PERIOD_MS = 40;
/** How long the first item of a batch waits at most, in milliseconds. */
const MAX_COALESCING_MS = 2_000;

/** Returns the result for one item of a batch. */
export type Responder<Item, Result> = (item: Item) => Result | Promise<Result>;

interface PendingBatch<Item, Result> {
	readonly items: Item[];
	readonly responder: Promise<Responder<Item, Result>>;
}

/**
 * Coalesces items that are submitted at the same time into one batch, so that one request can serve all. A single item
 * waits 40 milliseconds; the first of many waits at most two seconds.
 */
export class RequestCoalescer<Item, Result> {
	readonly #clock: Clock;
	readonly #serve: (items: readonly Item[]) => Promise<Responder<Item, Result>>;
	#openBatch: PendingBatch<Item, Result> | undefined;

	/** @param serve processes the whole batch; an error that it throws is the error of every item */
	constructor(clock: Clock, serve: (items: readonly Item[]) => Promise<Responder<Item, Result>>) {
		this.#clock = clock;
		this.#serve = serve;
	}

	/** Returns the result for an item, which is served together with others. */
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
