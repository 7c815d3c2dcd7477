import { type DurationEstimate, estimateDuration } from "../http/rateLimit.ts";
import { estimateBulkRead, limitListTime } from "../resource/bulkReader.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { QUERY_PAGE_SIZE } from "./paging.ts";
import { checkDeviceQuota, getRateLimits, MAX_UNITS_BY_SKU } from "./rateLimits.ts";
import { IOTHUB_SETTINGS, SKUS, type Sku } from "./settings.ts";

/** The size of a hub, which determines its rate limits. */
export interface HubSize {
	readonly sku: Sku;
	readonly units: number;
}

/** The operations on a fleet, in their usual order. */
const FLEET_OPERATIONS = ["create", "preview", "refresh", "change", "destroy"] as const;

/** One of the operations. */
export type FleetOperation = (typeof FLEET_OPERATIONS)[number];

/** Assumptions of a forecast. */
export interface ForecastOptions {
	/** How long a response takes, in milliseconds. */
	readonly latencyMs: number;
	/** Whether the hub refuses twins, so that every read goes to the registry. */
	readonly registryOnly: boolean;
}

/** The requests and the duration of an operation. */
export interface FleetForecast extends DurationEstimate {
	readonly operation: FleetOperation;
	/** Requests by rate limit: `registry`, `query`, `twin`; without those that are zero. */
	readonly requests: Readonly<Record<string, number>>;
	/** The rate limit that determines the duration, in requests per second; undefined if none does. */
	readonly rate: number | undefined;
	/** How many requests are in flight at a time, if that determines the duration. */
	readonly concurrency: number | undefined;
}

/** How long a list may take with the default timeout of a read, in milliseconds. */
const MAX_LIST_TIME_MS = limitListTime(20 * 60_000);

/** Estimates all operations on a fleet of this many devices, if the hub has no other traffic. */
export function estimateFleetOperations(
	devices: number,
	size: HubSize,
	options: ForecastOptions,
): FleetForecast[] {
	return FLEET_OPERATIONS.map((operation) => estimateFleetOperation(operation, { devices, size, options }));
}

function estimateFleetOperation(
	operation: FleetOperation,
	{ devices, size, options }: { devices: number; size: HubSize; options: ForecastOptions },
): FleetForecast {
	const rateLimits = getRateLimits(size.sku, size.units);
	const reads = countReadRequests(devices, size, options);
	// A device whose keys are not in state is read before it is written, because the hub would generate new ones.
	const requestsByOperation: Readonly<Record<FleetOperation, Readonly<Record<string, number>>>> = {
		create: { registry: devices },
		preview: reads.preview,
		refresh: reads.refresh,
		change: { ...reads.preview, registry: (reads.preview["registry"] ?? 0) + 2 * devices },
		destroy: { registry: devices },
	};
	const requests = Object.fromEntries(
		Object.entries(requestsByOperation[operation]).filter(([, count]) => count > 0),
	);
	const duration = estimateDuration(rateLimits, requests, options.latencyMs);
	const rate = duration.meter === undefined ? undefined : rateLimits.requestsPerSecond[duration.meter];
	const concurrency = duration.meter === undefined ? rateLimits.maxInFlight : undefined;
	return { operation, requests, ...duration, rate, concurrency };
}

/** Returns the requests of a preview and of a refresh: queries and twins, or the registry if the hub refuses these. */
function countReadRequests(
	devices: number,
	{ sku, units }: HubSize,
	{ registryOnly }: ForecastOptions,
): Readonly<Record<"preview" | "refresh", Readonly<Record<string, number>>>> {
	if (registryOnly || sku.startsWith("B"))
		return { preview: { registry: devices }, refresh: { registry: devices } };
	const { query = Number.POSITIVE_INFINITY } = getRateLimits(sku, units).requestsPerSecond;
	const list = { pageSize: QUERY_PAGE_SIZE, pages: Math.ceil((query * MAX_LIST_TIME_MS) / 1_000) };
	const { pages, singleReads } = estimateBulkRead(devices, list);
	return { preview: { query: pages, twin: singleReads }, refresh: { twin: devices } };
}

/**
 * Returns the smallest hubs on which an operation takes at most this long: of the same edition with more units, and of the
 * largest edition of its tier. Empty if no hub is fast enough.
 *
 * @param maxMilliseconds the longest duration, in milliseconds
 */
export function findFastEnoughHubs(
	operation: FleetOperation,
	maxMilliseconds: number,
	{ devices, size, options }: { devices: number; size: HubSize; options: ForecastOptions },
): HubSize[] {
	const largestSku: Sku = size.sku.startsWith("B") ? "B3" : "S3";
	const skus = size.sku === "F1" ? (["S1", largestSku] as const) : [...new Set([size.sku, largestSku])];
	return skus.flatMap((sku) => {
		for (let units = 1; units <= MAX_UNITS_BY_SKU[sku]; units++) {
			const { milliseconds } = estimateFleetOperation(operation, { devices, size: { sku, units }, options });
			if (milliseconds <= maxMilliseconds) return [{ sku, units }];
		}
		return [];
	});
}

/** Returns why the hub cannot hold the fleet; undefined if it can. */
export function checkFleetQuota(devices: number, { sku }: HubSize): string | undefined {
	return checkDeviceQuota(devices, sku);
}

/** Returns the size of the configured hub. Throws a ConfigurationError if the settings name no edition. */
export function readConfiguredHubSize(sources: SettingSources): HubSize {
	const reader = new SettingReader(sources);
	reader.require(IOTHUB_SETTINGS.sku, ", so the rate limits of the hub are not known");
	return {
		sku: reader.getOneOf(IOTHUB_SETTINGS.sku, SKUS) ?? SKUS[0],
		units: reader.getPositiveInteger(IOTHUB_SETTINGS.units) ?? 1,
	};
}
