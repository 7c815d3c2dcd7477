import { type Clock, sleepUnlessAborted } from "./clock.ts";
import { NotConnected } from "./errors.ts";
import type { PipelinePolicy } from "./pipeline.ts";

/** Limits of the requests to one host. */
export interface RateLimits {
	/** Requests per second, by meter; a meter without an entry is not limited until the service throttles it. */
	readonly requestsPerSecond: Readonly<Record<string, number>>;
	/** Maximum number of concurrent requests. */
	readonly maxInFlight: number;
}

/** The rate of an unlimited meter after its first 429, in requests per second. */
const INITIAL_RATE_PER_SECOND = 10;
/** The lowest rate, in requests per second. */
const MIN_RATE_PER_SECOND = 0.2;
/** The burst that an idle meter allows, in milliseconds of its rate: services count requests per minute. */
const BURST_MS = 10_000;
/** The factor by which each response other than 429 raises a lowered rate. */
const RECOVERY_FACTOR = 1.02;

/** The state of one meter: its maximum and current rate, and the time of its next free slot on a clock that only runs forward. */
interface TokenBucket {
	readonly maxRate: number;
	rate: number;
	nextAt: number;
}

/**
 * Limits concurrent requests and, for each meter, requests per second. A 429 halves a meter's rate; other responses raise
 * it again slowly.
 */
export function limitRate({ requestsPerSecond, maxInFlight }: RateLimits, clock: Clock): PipelinePolicy {
	const buckets = new Map<string, TokenBucket>();
	const semaphore = new Semaphore(maxInFlight);
	const getBucket = (meter: string): TokenBucket => {
		const maxRate = requestsPerSecond[meter] ?? Number.POSITIVE_INFINITY;
		const bucket = buckets.get(meter) ?? { maxRate, rate: maxRate, nextAt: Number.NEGATIVE_INFINITY };
		buckets.set(meter, bucket);
		return bucket;
	};
	return (next) => async (request) => {
		const bucket = getBucket(request.meter);
		const { signal } = request;
		const { delayMs, giveBack } = reserve(bucket, clock.now());
		let isSent = false;
		try {
			if (delayMs > 0) await sleepUnlessAborted(clock, delayMs, signal);
			return await semaphore.runWithPermit(async () => {
				signal?.throwIfAborted();
				isSent = true;
				const response = await next(request);
				adaptRate(bucket, response.status === 429);
				return response;
			}, signal);
		} catch (error) {
			if (!isSent || error instanceof NotConnected) giveBack();
			throw error;
		}
	};
}

/** The estimated duration of requests, and the meter that determines it. */
export interface DurationEstimate {
	readonly milliseconds: number;
	/** The meter that determines the duration; undefined if the number of concurrent requests does. */
	readonly meter: string | undefined;
}

/**
 * Estimates how long requests take if none is throttled. Meters run in parallel, so the slowest one determines the duration.
 *
 * @param requestCounts numbers of requests, by meter
 * @param latencyMs the time that one response takes
 */
export function estimateDuration(
	{ requestsPerSecond, maxInFlight }: RateLimits,
	requestCounts: Readonly<Record<string, number>>,
	latencyMs: number,
): DurationEstimate {
	const total = Object.values(requestCounts).reduce((sum, count) => sum + count, 0);
	let slowest: DurationEstimate = {
		milliseconds: Math.ceil(total / maxInFlight) * latencyMs,
		meter: undefined,
	};
	for (const [meter, count] of Object.entries(requestCounts)) {
		const rate = requestsPerSecond[meter] ?? Number.POSITIVE_INFINITY;
		const milliseconds = Math.max(0, ((count - 1) * 1_000) / rate - BURST_MS) + (count > 0 ? latencyMs : 0);
		if (milliseconds > slowest.milliseconds) slowest = { milliseconds, meter };
	}
	return slowest;
}

/** A slot of a meter. */
interface Slot {
	readonly delayMs: number;
	/** Gives the slot back for a request that the service never received, and so did not count. */
	giveBack(): void;
}

/** Reserves the meter's next slot. A meter whose rate was lowered by a 429 allows no bursts until it has recovered. */
function reserve(bucket: TokenBucket, now: number): Slot {
	const burstMs = bucket.rate < bucket.maxRate ? 0 : BURST_MS;
	bucket.nextAt = Math.max(now - burstMs, bucket.nextAt);
	const reservedAt = Math.max(now, bucket.nextAt);
	const intervalMs = 1_000 / bucket.rate;
	bucket.nextAt += intervalMs;
	return {
		delayMs: reservedAt - now,
		giveBack: () => {
			bucket.nextAt -= intervalMs;
		},
	};
}

function adaptRate(bucket: TokenBucket, wasThrottled: boolean): void {
	const previousRate = Number.isFinite(bucket.rate) ? bucket.rate : 2 * INITIAL_RATE_PER_SECOND;
	if (wasThrottled) bucket.rate = Math.max(MIN_RATE_PER_SECOND, previousRate / 2);
	else if (bucket.rate < bucket.maxRate)
		bucket.rate = Math.min(bucket.maxRate, bucket.rate * RECOVERY_FACTOR);
}

/** Limits concurrent work; waiting callers continue in the order of their arrival. */
class Semaphore {
	#permits: number;
	readonly #waiting = new Set<() => void>();

	constructor(count: number) {
		this.#permits = count;
	}

	/** @param signal ends the wait for a permit */
	async runWithPermit<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
		signal?.throwIfAborted();
		if (this.#permits > 0) this.#permits--;
		else await this.#waitForPermit(signal);
		try {
			return await work();
		} finally {
			const [wakeNext] = this.#waiting;
			if (wakeNext === undefined) this.#permits++;
			else wakeNext();
		}
	}

	#waitForPermit(signal: AbortSignal | undefined): Promise<void> {
		return new Promise((resolve, reject) => {
			const leaveQueue = (): void => {
				this.#waiting.delete(wake);
				signal?.removeEventListener("abort", abort);
			};
			const wake = (): void => {
				leaveQueue();
				resolve();
			};
			const abort = (): void => {
				leaveQueue();
				reject(signal?.reason);
			};
			this.#waiting.add(wake);
			signal?.addEventListener("abort", abort);
		});
	}
}
