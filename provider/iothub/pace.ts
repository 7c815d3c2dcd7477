import type { Pace } from "../http/throttle.ts";
import type { Sku } from "./settings.ts";

/** Requests a second and unit ("IoT Hub quotas and throttling", Microsoft Learn). */
interface Rates {
	readonly registry: number;
	readonly query: number;
	/** Twin reads: at least so many a second whatever the number of units. */
	readonly twin: { readonly perUnit: number; readonly least: number };
}

const SMALL: Rates = { registry: 100 / 60, query: 20 / 60, twin: { perUnit: 0, least: 100 } };
const MEDIUM: Rates = { registry: 100 / 60, query: 20 / 60, twin: { perUnit: 10, least: 100 } };
const LARGE: Rates = { registry: 5_000 / 60, query: 1_000 / 60, twin: { perUnit: 500, least: 0 } };

const RATES: Readonly<Record<Sku, Rates>> = {
	F1: SMALL,
	B1: SMALL,
	S1: SMALL,
	B2: MEDIUM,
	S2: MEDIUM,
	B3: LARGE,
	S3: LARGE,
};

/** How many units a hub of an edition can have ("Choose the right IoT Hub tier and size", Microsoft Learn). */
export const MOST_UNITS: Readonly<Record<Sku, number>> = {
	F1: 1,
	B1: 200,
	S1: 200,
	B2: 200,
	S2: 200,
	B3: 10,
	S3: 10,
};

/** A hub shapes traffic before it refuses any: more at a time would only queue there, out of our sight. */
const IN_FLIGHT = 8;
/** However large the hub, so many at a time keep it busy at any usual distance. */
const MOST_IN_FLIGHT = 64;
/** How long an answer may take, in seconds, without a hub's pace being missed for want of requests under way. */
const LATENCY = 0.1;

/** How fast a hub of this edition may be asked; without an edition, as fast as it answers. */
export function paceOf(sku: Sku | undefined, units: number): Pace {
	if (sku === undefined) return { rates: {}, inFlight: IN_FLIGHT };
	const { registry, query, twin } = RATES[sku];
	const rates = {
		registry: registry * units,
		query: query * units,
		twin: Math.max(twin.least, twin.perUnit * units),
	};
	const busy = Math.ceil(rates.registry * LATENCY);
	return { rates, inFlight: Math.min(MOST_IN_FLIGHT, Math.max(IN_FLIGHT, busy)) };
}
