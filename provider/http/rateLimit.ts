import type { Clock } from "./clock.ts";
import type { PipelinePolicy } from "./pipeline.ts";

/** How fast a host may be asked. */
export interface RateLimits {
	/** Requests a second, by meter; a meter without an entry is not limited until the service refuses something. */
	readonly requestsPerSecond: Readonly<Record<string, number>>;
	/** Requests under way at the same time. */
	readonly maxInFlight: number;
}

/** After a refusal on an unlimited meter we begin here, requests a second. */
const INITIAL_RATE_PER_SECOND = 10;
const MIN_RATE_PER_SECOND = 0.2;
/** What a quiet meter may be asked at once, in milliseconds of its rate: services count by the minute. */
const BURST_MS = 10_000;
/** Each answer that is no refusal raises a lowered rate by this share. */
const RECOVERY_FACTOR = 1.02;

interface TokenBucket {
	readonly maxRate: number;
	rate: number;
	nextAt: number;
}

/**
 * Holds requests back so that a host is asked no faster than it answers: a bounded number at a time, and for each
 * meter no more a second than it allows. A 429 halves the meter's rate, answers raise it again slowly.
 */
export function limitRate({ requestsPerSecond, maxInFlight }: RateLimits, clock: Clock): PipelinePolicy {
	const buckets = new Map<string, TokenBucket>();
	const semaphore = new Semaphore(maxInFlight);
	const getBucket = (meter: string): TokenBucket => {
		const maxRate = requestsPerSecond[meter] ?? Number.POSITIVE_INFINITY;
		const bucket = buckets.get(meter) ?? { maxRate, rate: maxRate, nextAt: 0 };
		buckets.set(meter, bucket);
		return bucket;
	};
	return (next) => async (request) => {
		const bucket = getBucket(request.meter);
		const delayMs = reserve(bucket, clock.now());
		if (delayMs > 0) await clock.sleep(delayMs);
		return semaphore.runWithPermit(async () => {
			const response = await next(request);
			adaptRate(bucket, response.status === 429);
			return response;
		});
	};
}

/** How long it takes to send requests, and what sets that time. */
export interface DurationEstimate {
	readonly milliseconds: number;
	/** The meter that sets it; undefined where it is the number of requests that may be under way. */
	readonly meter: string | undefined;
}

/**
 * How long requests take at this pace where nothing is refused. Meters run beside each other, so the slowest one counts.
 *
 * @param requestCounts how many requests by meter
 * @param latencyMs how long an answer takes, in milliseconds
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

/**
 * Books the meter's next turn. Answers how many milliseconds it is away. A meter whose rate was lowered by a refusal may
 * not be asked in bursts until it has recovered.
 */
function reserve(bucket: TokenBucket, now: number): number {
	const burstMs = bucket.rate < bucket.maxRate ? 0 : BURST_MS;
	bucket.nextAt = Math.max(now - burstMs, bucket.nextAt);
	const reservedAt = Math.max(now, bucket.nextAt);
	bucket.nextAt += 1_000 / bucket.rate;
	return reservedAt - now;
}

function adaptRate(bucket: TokenBucket, wasThrottled: boolean): void {
	const previousRate = Number.isFinite(bucket.rate) ? bucket.rate : 2 * INITIAL_RATE_PER_SECOND;
	if (wasThrottled) bucket.rate = Math.max(MIN_RATE_PER_SECOND, previousRate / 2);
	else if (bucket.rate < bucket.maxRate)
		bucket.rate = Math.min(bucket.maxRate, bucket.rate * RECOVERY_FACTOR);
}

/** A bounded number of places, handed on in the order of arrival. */
class Semaphore {
	#permits: number;
	readonly #waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#permits = count;
	}

	async runWithPermit<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#permits > 0) this.#permits--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await work();
		} finally {
			const wakeNext = this.#waiting.shift();
			if (wakeNext === undefined) this.#permits++;
			else wakeNext();
		}
	}
}
