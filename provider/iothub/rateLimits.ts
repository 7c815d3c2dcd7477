import type { RateLimits } from "../http/rateLimit.ts";
import type { Sku } from "./settings.ts";

/** Requests per second and unit ("IoT Hub quotas and throttling", Microsoft Learn). */
interface UnitRates {
	readonly registry: number;
	readonly query: number;
	/** Twin reads; `minimum` is independent of the number of units. */
	readonly twin: { readonly perUnit: number; readonly minimum: number };
}

const SMALL_UNIT_RATES: UnitRates = {
	registry: 100 / 60,
	query: 20 / 60,
	twin: { perUnit: 0, minimum: 100 },
};
const MEDIUM_UNIT_RATES: UnitRates = {
	registry: 100 / 60,
	query: 20 / 60,
	twin: { perUnit: 10, minimum: 100 },
};
const LARGE_UNIT_RATES: UnitRates = {
	registry: 5_000 / 60,
	query: 1_000 / 60,
	twin: { perUnit: 500, minimum: 0 },
};

const UNIT_RATES_BY_SKU: Readonly<Record<Sku, UnitRates>> = {
	F1: SMALL_UNIT_RATES,
	B1: SMALL_UNIT_RATES,
	S1: SMALL_UNIT_RATES,
	B2: MEDIUM_UNIT_RATES,
	S2: MEDIUM_UNIT_RATES,
	B3: LARGE_UNIT_RATES,
	S3: LARGE_UNIT_RATES,
};

/** The largest number of units of each edition ("Choose the right IoT Hub tier and size", Microsoft Learn). */
export const MAX_UNITS_BY_SKU: Readonly<Record<Sku, number>> = {
	F1: 1,
	B1: 200,
	S1: 200,
	B2: 200,
	S2: 200,
	B3: 10,
	S3: 10,
};

/** Minimum number of requests in flight. A hub delays requests before it refuses any, so more of them would only wait there. */
const MIN_IN_FLIGHT = 8;
/** Maximum number of requests in flight. They keep even the largest hub busy at any usual latency. */
const MAX_IN_FLIGHT = 64;
/** The latency up to which the requests in flight are enough to reach the rate limit, in seconds. */
const EXPECTED_LATENCY_SECONDS = 0.1;

/** Returns the rate limits of a hub; without an edition, only a limit of requests in flight. */
export function getRateLimits(sku: Sku | undefined, units: number): RateLimits {
	if (sku === undefined) return { requestsPerSecond: {}, maxInFlight: MIN_IN_FLIGHT };
	const { registry, query, twin } = UNIT_RATES_BY_SKU[sku];
	const requestsPerSecond = {
		registry: registry * units,
		query: query * units,
		twin: Math.max(twin.minimum, twin.perUnit * units),
	};
	const neededInFlight = Math.ceil(requestsPerSecond.registry * EXPECTED_LATENCY_SECONDS);
	return { requestsPerSecond, maxInFlight: Math.min(MAX_IN_FLIGHT, Math.max(MIN_IN_FLIGHT, neededInFlight)) };
}

/** The largest number of devices and modules in a hub, and in a free one ("IoT Hub quotas and throttling", Microsoft Learn). */
const MAX_DEVICES = 1_000_000;
const MAX_DEVICES_IN_FREE_HUB = 500;

/**
 * Returns why a hub cannot hold this many devices; undefined if it can.
 *
 * @param sku the hub's edition; undefined to check only the limit of all editions
 */
export function checkDeviceQuota(devices: number, sku: Sku | undefined): string | undefined {
	if (devices > MAX_DEVICES) {
		return `${formatDeviceCount(devices)} devices are more than the ${formatDeviceCount(MAX_DEVICES)} that a hub can hold; spread them over several hubs`;
	}
	if (sku !== "F1" || devices <= MAX_DEVICES_IN_FREE_HUB) return undefined;
	return `${formatDeviceCount(devices)} devices are more than the ${MAX_DEVICES_IN_FREE_HUB} that a free hub (F1) can hold; use a hub of another edition`;
}

function formatDeviceCount(count: number): string {
	return count.toLocaleString("en-US");
}
