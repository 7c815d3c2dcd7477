import type { Clock } from "./clock.ts";
import type { Policy } from "./message.ts";

/** How fast a host may be asked. */
export interface Pace {
	/** Requests a second, by meter; a meter without an entry is not limited until the service refuses something. */
	readonly rates: Readonly<Record<string, number>>;
	/** Requests under way at the same time. */
	readonly inFlight: number;
}

/** After a refusal on an unlimited meter we begin here, requests a second. */
const FIRST_GUESS = 10;
const SLOWEST = 0.2;
/** What a quiet meter may be asked at once, in milliseconds of its rate: services count by the minute. */
const BURST = 10_000;
/** Each answer that is no refusal raises a lowered rate by this share. */
const RECOVERY = 1.02;

interface Meter {
	readonly limit: number;
	rate: number;
	next: number;
}

/**
 * Holds requests back so that a host is asked no faster than it answers: a bounded number at a time, and for each
 * meter no more a second than it allows. A 429 halves the meter's rate, answers raise it again slowly.
 */
export function throttle({ rates, inFlight }: Pace, clock: Clock): Policy {
	const meters = new Map<string, Meter>();
	const places = new Places(inFlight);
	const meterOf = (name: string): Meter => {
		const limit = rates[name] ?? Number.POSITIVE_INFINITY;
		const meter = meters.get(name) ?? { limit, rate: limit, next: 0 };
		meters.set(name, meter);
		return meter;
	};
	return (next) => async (request) => {
		const meter = meterOf(request.meter);
		const pause = turn(meter, clock.now());
		if (pause > 0) await clock.sleep(pause);
		return places.hold(async () => {
			const response = await next(request);
			adapt(meter, response.status === 429);
			return response;
		});
	};
}

/** How long it takes to send requests, and what sets that time. */
export interface Duration {
	readonly milliseconds: number;
	/** The meter that sets it; undefined where it is the number of requests that may be under way. */
	readonly meter: string | undefined;
}

/**
 * How long requests take at this pace where nothing is refused. Meters run beside each other, so the slowest one counts.
 *
 * @param requests how many requests by meter
 * @param latency how long an answer takes, in milliseconds
 */
export function durationOf(
	{ rates, inFlight }: Pace,
	requests: Readonly<Record<string, number>>,
	latency: number,
): Duration {
	const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
	let slowest: Duration = { milliseconds: Math.ceil(all / inFlight) * latency, meter: undefined };
	for (const [meter, count] of Object.entries(requests)) {
		const rate = rates[meter] ?? Number.POSITIVE_INFINITY;
		const milliseconds = Math.max(0, ((count - 1) * 1_000) / rate - BURST) + (count > 0 ? latency : 0);
		if (milliseconds > slowest.milliseconds) slowest = { milliseconds, meter };
	}
	return slowest;
}

/**
 * Books the meter's next turn. Answers how many milliseconds it is away. A meter whose rate was lowered by a refusal may
 * not be asked in bursts until it has recovered.
 */
function turn(meter: Meter, now: number): number {
	const burst = meter.rate < meter.limit ? 0 : BURST;
	meter.next = Math.max(now - burst, meter.next);
	const at = Math.max(now, meter.next);
	meter.next += 1_000 / meter.rate;
	return at - now;
}

function adapt(meter: Meter, refused: boolean): void {
	const before = Number.isFinite(meter.rate) ? meter.rate : 2 * FIRST_GUESS;
	if (refused) meter.rate = Math.max(SLOWEST, before / 2);
	else if (meter.rate < meter.limit) meter.rate = Math.min(meter.limit, meter.rate * RECOVERY);
}

/** A bounded number of places, handed on in the order of arrival. */
class Places {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#free = count;
	}

	async hold<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#free++;
			else next();
		}
	}
}
