import type { VirtualClock } from "../clock.ts";
import type { Meter } from "./routes/route.ts";

/** The tiers with known limits. */
export type Sku = "F1" | "S1" | "S2" | "S3";

/** The operations per second of one meter, and the size of a burst after an idle time. */
interface Rate {
	readonly perSecond: number;
	readonly burst: number;
	/** How many reads beyond the burst are only delayed. Default: 0. */
	readonly extraReads?: number;
}

/**
 * Measured on a free hub: 250 reads of devices within 10.5 s, all answered, the 90th percentile after 1.2 s and the last
 * after 3.2 s (mwalser/terraform-provider-iothub, CONCEPT.md, August 2026).
 */
const EXTRA_READS_OF_FREE_HUB = 150;
/** The delay of each extra read for each extra read before it: 250 reads, ten at a time and 135 ms each, take 10.5 s. */
const EXTRA_READ_DELAY = 1000 / 160;

/**
 * The limits under "IoT Hub quotas and throttling": registry and query operations count per minute and unit, twin
 * operations per second.
 */
function listRates(sku: Sku, units: number): Record<Meter, Rate> {
	const large = sku === "S3";
	const twinReads = large ? 500 * units : Math.max(100, sku === "S2" ? 10 * units : 0);
	const twinWrites = large ? 250 * units : Math.max(50, sku === "S2" ? 5 * units : 0);
	return {
		registry: {
			...createRatePerMinute((large ? 5000 : 100) * units),
			...(sku === "F1" && { extraReads: EXTRA_READS_OF_FREE_HUB }),
		},
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

	/** Takes tokens and returns how many milliseconds to wait, or undefined if that is longer than the backlog allows. */
	take({ cost, isRead = false, backlog }: ThrottleAsk, now: number): number | undefined {
		const { perSecond, burst, extraReads = 0 } = this.#rate;
		this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
		this.#at = now;
		const missing = 1 - this.#tokens;
		const extra = isRead ? Math.min(extraReads, Math.max(0, missing)) : 0;
		const wait = extra * EXTRA_READ_DELAY + (Math.max(0, missing - extra) / perSecond) * 1000;
		if (wait > backlog) return undefined;
		this.#tokens -= cost;
		return wait;
	}
}

/** The data by which the throttle decides about a request. */
export interface ThrottleAsk {
	readonly meter: Meter;
	/** How many operations the request counts as. */
	readonly cost: number;
	/** Whether it only reads. Default: false. */
	readonly isRead?: boolean;
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
	async admit(ask: ThrottleAsk): Promise<boolean> {
		const { meter, cost, backlog } = ask;
		const bucket = this.#buckets[meter];
		const wait = bucket === undefined ? 0 : bucket.take(ask, this.#clock.now());
		if (wait !== undefined) this.#admitted[meter] += cost;
		await this.#clock.sleep(wait ?? backlog);
		return wait !== undefined;
	}
}
