import { type Duration, durationOf } from "../http/throttle.ts";
import { sweepCost, sweepTime } from "../lifecycle/sweep.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { MOST_UNITS, paceOf } from "./pace.ts";
import { PAGE_SIZE } from "./query.ts";
import { quotaFault } from "./quota.ts";
import { IOTHUB_SETTINGS, SKUS, type Sku } from "./settings.ts";

/** A hub as far as it matters for how fast it may be asked. */
export interface HubSize {
	readonly sku: Sku;
	readonly units: number;
}

/** What is done with a fleet, in the order of its life. */
export const OPERATIONS = ["create", "preview", "refresh", "change", "destroy"] as const;

/** One of the operations. */
export type Operation = (typeof OPERATIONS)[number];

/** How a hub is asked. */
export interface Asking {
	/** How long an answer takes, in milliseconds. */
	readonly latency: number;
	/** Whether twins are refused, so that the registry alone tells what is there. */
	readonly registryOnly: boolean;
}

/** What an operation costs. */
export interface Forecast extends Duration {
	readonly operation: Operation;
	/** Requests by meter: `registry`, `query`, `twin`; only those that there are. */
	readonly requests: Readonly<Record<string, number>>;
	/** What the setting meter allows, in requests a second; undefined where no meter sets the time. */
	readonly rate: number | undefined;
}

/** How long a list may take, where the limit of a read is the default, in milliseconds. */
const LIST_TIME = sweepTime(20 * 60_000);

/** What the operations on a fleet of so many devices cost, where nothing else goes on in the hub. */
export function forecasts(devices: number, size: HubSize, asking: Asking): Forecast[] {
	return OPERATIONS.map((operation) => forecast(operation, { devices, size, asking }));
}

function forecast(
	operation: Operation,
	{ devices, size, asking }: { devices: number; size: HubSize; asking: Asking },
): Forecast {
	const pace = paceOf(size.sku, size.units);
	const look = lookAt(devices, size, asking);
	// A device whose keys state does not have is read before it is written, or the hub would make new ones.
	const needs: Readonly<Record<Operation, Readonly<Record<string, number>>>> = {
		create: { registry: devices },
		preview: look.preview,
		refresh: look.refresh,
		change: { ...look.preview, registry: (look.preview["registry"] ?? 0) + 2 * devices },
		destroy: { registry: devices },
	};
	const requests = Object.fromEntries(Object.entries(needs[operation]).filter(([, count]) => count > 0));
	const duration = durationOf(pace, requests, asking.latency);
	const rate = duration.meter === undefined ? undefined : pace.rates[duration.meter];
	return { operation, requests, ...duration, rate };
}

/** Twins and queries tell what is there, except where the policy or a basic hub has none: then the registry does. */
function lookAt(
	devices: number,
	{ sku, units }: HubSize,
	{ registryOnly }: Asking,
): Readonly<Record<"preview" | "refresh", Readonly<Record<string, number>>>> {
	if (registryOnly || sku.startsWith("B"))
		return { preview: { registry: devices }, refresh: { registry: devices } };
	const { query = Number.POSITIVE_INFINITY } = paceOf(sku, units).rates;
	const list = { pageSize: PAGE_SIZE, pages: Math.ceil((query * LIST_TIME) / 1_000) };
	const { pages, single } = sweepCost(devices, list);
	return { preview: { query: pages, twin: single }, refresh: { twin: devices } };
}

/**
 * The smallest hubs on which an operation takes no longer: of the same edition with more units, and of the large one of
 * its tier. None where no hub is fast enough.
 *
 * @param within milliseconds
 */
export function fastEnough(
	operation: Operation,
	within: number,
	{ devices, size, asking }: { devices: number; size: HubSize; asking: Asking },
): HubSize[] {
	const large: Sku = size.sku.startsWith("B") ? "B3" : "S3";
	const skus = size.sku === "F1" ? (["S1", large] as const) : [...new Set([size.sku, large])];
	return skus.flatMap((sku) => {
		for (let units = 1; units <= MOST_UNITS[sku]; units++) {
			const { milliseconds } = forecast(operation, { devices, size: { sku, units }, asking });
			if (milliseconds <= within) return [{ sku, units }];
		}
		return [];
	});
}

/** Why the hub can't hold the fleet; undefined where it can. */
export function fleetQuotaFault(devices: number, { sku }: HubSize): string | undefined {
	return quotaFault(devices, sku);
}

/** The hub that the settings speak of. Throws a ConfigurationError where they name no edition. */
export function hubSizeIn(sources: SettingSources): HubSize {
	const reader = new SettingReader(sources);
	reader.require(IOTHUB_SETTINGS.sku, ", so it is not known how fast the hub may be asked");
	return {
		sku: reader.oneOf(IOTHUB_SETTINGS.sku, SKUS) ?? SKUS[0],
		units: reader.count(IOTHUB_SETTINGS.units) ?? 1,
	};
}
