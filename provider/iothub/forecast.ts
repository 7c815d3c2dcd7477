import { type DurationEstimate, estimateDuration } from "../http/rateLimit.ts";
import { estimateBulkRead, limitListTime } from "../resource/bulkReader.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { QUERY_PAGE_SIZE } from "./paging.ts";
import { checkDeviceQuota, getRateLimits, MAX_UNITS_BY_SKU } from "./rateLimits.ts";
import { IOTHUB_SETTINGS, SKUS, type Sku } from "./settings.ts";

/** A hub as far as it matters for how fast it may be asked. */
export interface HubSize {
	readonly sku: Sku;
	readonly units: number;
}

/** What is done with a fleet, in the order of its life. */
export const FLEET_OPERATIONS = ["create", "preview", "refresh", "change", "destroy"] as const;

/** One of the operations. */
export type FleetOperation = (typeof FLEET_OPERATIONS)[number];

/** How a hub is asked. */
export interface ForecastOptions {
	/** How long an answer takes, in milliseconds. */
	readonly latencyMs: number;
	/** Whether twins are refused, so that the registry alone tells what is there. */
	readonly registryOnly: boolean;
}

/** What an operation costs. */
export interface FleetForecast extends DurationEstimate {
	readonly operation: FleetOperation;
	/** Requests by meter: `registry`, `query`, `twin`; only those that there are. */
	readonly requests: Readonly<Record<string, number>>;
	/** What the setting meter allows, in requests a second; undefined where no meter sets the time. */
	readonly rate: number | undefined;
}

/** How long a list may take, where the limit of a read is the default, in milliseconds. */
const MAX_LIST_TIME_MS = limitListTime(20 * 60_000);

/** What the operations on a fleet of so many devices cost, where nothing else goes on in the hub. */
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
	// A device whose keys state does not have is read before it is written, or the hub would make new ones.
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
	return { operation, requests, ...duration, rate };
}

/** Twins and queries tell what is there, except where the policy or a basic hub has none: then the registry does. */
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
 * The smallest hubs on which an operation takes no longer: of the same edition with more units, and of the large one of
 * its tier. None where no hub is fast enough.
 *
 * @param maxMilliseconds milliseconds
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

/** Why the hub can't hold the fleet; undefined where it can. */
export function checkFleetQuota(devices: number, { sku }: HubSize): string | undefined {
	return checkDeviceQuota(devices, sku);
}

/** The hub that the settings speak of. Throws a ConfigurationError where they name no edition. */
export function readConfiguredHubSize(sources: SettingSources): HubSize {
	const reader = new SettingReader(sources);
	reader.require(IOTHUB_SETTINGS.sku, ", so it is not known how fast the hub may be asked");
	return {
		sku: reader.getOneOf(IOTHUB_SETTINGS.sku, SKUS) ?? SKUS[0],
		units: reader.getPositiveInteger(IOTHUB_SETTINGS.units) ?? 1,
	};
}
