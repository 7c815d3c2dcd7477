import type { VirtualClock } from "../clock.ts";
import type { Meter } from "./routes/route.ts";

/** The tiers with known limits. */
export type Sku = "F1" | "S1" | "S2" | "S3";

/** The operations per second of one meter, and the size of a burst after an idle time. */
interface Rate {
	readonly perSecond: number;
	readonly burst: number;
}

/**
 * The limits under "IoT Hub quotas and throttling": registry and query operations count per minute and unit, twin
 * operations per second.
 */
function listRates(sku: Sku, units: number): Record<Meter, Rate> {
	const large = sku === "S3";
	const twinReads = large ? 500 * units : Math.max(100, sku === "S2" ? 10 * units : 0);
	const twinWrites = large ? 250 * units : Math.max(50, sku === "S2" ? 5 * units : 0);
	return {
		registry: createRatePerMinute((large ? 5000 : 100) * units),
		query: createRatePerMinute((large ? 1000 : 20) * units),
		twinRead: { perSecond: twinReads, burst: twinReads },
		twinWrite: { perSecond: twinWrites, burst: twinWrites },
	};
}

function createZeroCounts(): Record<Meter, number> {
	return { registry: 0, query: 0, twinRead: 0, twinWrite: 0 };
}

function createRatePerMinute(count: number): Rate {
	return { perSecond: count / 60, burst: count };
}

/** The tokens of one meter. Waiting requests have already taken theirs, so the balance may be negative. */
class Bucket {
	readonly #rate: Rate;
	#tokens: number;
	#at: number;

	constructor(rate: Rate, now: number) {
		this.#rate = rate;
		this.#tokens = rate.burst;
		this.#at = now;
	}

	/** Takes tokens and returns how many milliseconds to wait, or undefined if that is longer than `longest`. */
	take(cost: number, now: number, longest: number): number | undefined {
		const { perSecond, burst } = this.#rate;
		this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
		this.#at = now;
		const wait = Math.max(0, ((1 - this.#tokens) / perSecond) * 1000);
		if (wait > longest) return undefined;
		this.#tokens -= cost;
		return wait;
	}
}

/** The data by which the throttle decides about a request. */
export interface ThrottleAsk {
	readonly meter: Meter;
	/** How many operations the request counts as. */
	readonly cost: number;
	/** The longest wait in virtual milliseconds. */
	readonly backlog: number;
}

/**
 * The hub's traffic shaping: a request beyond a limit first waits for its turn; one that would wait longer than the
 * backlog allows is rejected after that wait. A bulk request pays for each item, but only after it was admitted, so
 * that one is admitted to a nearly empty bucket.
 */
export class Throttle {
	readonly #clock: VirtualClock;
	#buckets: Partial<Record<Meter, Bucket>> = {};
	#admitted: Record<Meter, number> = createZeroCounts();

	constructor(clock: VirtualClock) {
		this.#clock = clock;
	}

	/**
	 * The operations that were admitted since the tier was set, counting each item of a bulk request; they are counted
	 * without a tier too.
	 */
	get admitted(): Readonly<Record<Meter, number>> {
		return { ...this.#admitted };
	}

	/** Starts counting for a tier and a number of units, with full buckets; undefined stops all throttling. */
	set(sku: Sku | undefined, units = 1): void {
		const now = this.#clock.now();
		this.#admitted = createZeroCounts();
		const rates: Partial<Record<Meter, Rate>> = sku === undefined ? {} : listRates(sku, units);
		this.#buckets = Object.fromEntries(
			Object.entries(rates).map(([meter, rate]) => [meter, new Bucket(rate, now)]),
		);
	}

	/** Waits as long as shaping requires, and resolves to whether the request is admitted. */
	async admit({ meter, cost, backlog }: ThrottleAsk): Promise<boolean> {
		const bucket = this.#buckets[meter];
		const wait = bucket === undefined ? 0 : bucket.take(cost, this.#clock.now(), backlog);
		if (wait !== undefined) this.#admitted[meter] += cost;
		await this.#clock.sleep(wait ?? backlog);
		return wait !== undefined;
	}
}
