import { formatTable, type Row } from "../table.ts";
import type { PacedFigures, QuickFigures } from "./bulk.ts";
import {
	BYTES_GOAL,
	computeFloor,
	FLOOR_GOAL,
	type FleetOperation,
	getGoal,
	judgeFigure,
	OPERATIONS,
	type Operations,
	RATES,
} from "./goals.ts";
import type { SizeFigures } from "./programs.ts";
import type { ThrottledFigures } from "./throttled.ts";

/** For how many devices the floors of whole lives are computed. */
const MANY = 10_000;

/** Whole programs, beside a plain loop and beside dynamic resources that do nothing. */
export function formatProgramsTable({ sizes, nothing }: Pick<FleetRun, "sizes" | "nothing">): string {
	const rows = sizes.flatMap(({ devices, fleet, loop }) =>
		OPERATIONS.map((operation): Row => {
			const { seconds, requests, program, provider } = fleet[operation];
			const goal = getGoal(devices, operation);
			return {
				devices: formatCount(devices),
				operation,
				"fleet, s": digits(seconds),
				"goal, s": goal ?? "none",
				"": judgeFigure(seconds, goal),
				"plain loop, s": digits(loop[operation]),
				"nothing, s": told(findNothingFigure(nothing, devices, operation), devices === nothing.count),
				requests: formatCount(requests),
				"program's peak, MB": megabytes(program),
				"provider's peak, MB": megabytes(provider),
			};
		}),
	);
	return formatTable("Whole programs on a hub without throttles", rows);
}

/** What so many resources that do nothing take, in proportion to how many were measured. */
export function findNothingFigure(
	{ count, seconds }: FleetRun["nothing"],
	devices: number,
	operation: (typeof OPERATIONS)[number],
): number {
	return (seconds[operation] * devices) / count;
}

/** What a device takes in a state file besides what is declared of it. */
export function stateTable({ sizes }: Pick<FleetRun, "sizes">): string {
	const rows = sizes.map(
		({ devices, stateBytes, declaredBytes }): Row => ({
			devices: formatCount(devices),
			"bytes per device": stateBytes.toFixed(0),
			goal: BYTES_GOAL,
			"": judgeFigure(stateBytes, BYTES_GOAL),
			"declaration, bytes": declaredBytes.toFixed(0),
		}),
	);
	return formatTable("State per device, without its declaration", rows);
}

/** The throttles of S1, beside their own floor. */
export function formatThrottledTable({ throttled }: Pick<FleetRun, "throttled">): string {
	const rows = throttled.map(({ as, operation, seconds, floor, requests, refused, failed }): Row => {
		const ratio = seconds / floor;
		return {
			as,
			operation,
			"time, s": seconds.toFixed(1),
			"floor, s": floor.toFixed(1),
			ratio: floor === 0 ? "no floor" : ratio.toFixed(3),
			goal: floor === 0 ? "none" : FLOOR_GOAL,
			"": failed > 0 ? "miss" : judgeFigure(ratio, floor === 0 ? undefined : FLOOR_GOAL),
			requests: formatCount(requests),
			"refused (429)": refused,
			failed,
		};
	});
	return formatTable("S1 with one unit, in seconds of the hub's own clock", rows);
}

/** Bulk calls beside single requests where nothing is throttled. */
export function formatQuickTable({ quick }: Pick<FleetRun, "quick">): string {
	const rows = quick.map(({ way, inFlight, latency, requests, operations, create, update, remove }): Row => {
		return {
			way: WORDS[way],
			"in flight": inFlight,
			"latency, ms": latency,
			requests: formatCount(requests),
			"registry operations": formatCount(operations.registry),
			"twin reads": formatCount(operations.twinRead),
			"create, s": digits(create),
			"update, s": digits(update),
			"delete, s": digits(remove),
		};
	});
	return formatTable(
		`Creating, updating and deleting ${formatCount(quick[0]?.devices ?? 0)} devices without throttles`,
		rows,
	);
}

/** Bulk calls beside single requests under the throttles of S1, and what both need at least. */
export function formatPacedTable({ paced }: Pick<FleetRun, "paced">): string {
	const rows = paced.map(({ way, inFlight, devices, seconds, operations, refused, slowest }): Row => {
		const many = times(operations, MANY / devices);
		return {
			way: WORDS[way],
			"in flight": inFlight,
			"registry operations": formatCount(operations.registry),
			"twin reads": formatCount(operations.twinRead),
			"time, s": seconds.toFixed(0),
			"floor, s": computeFloor(operations, "S1").toFixed(0),
			"refused (429)": refused,
			"slowest response, s": slowest.toFixed(0),
			[`floor for ${formatCount(MANY)} on S1, min`]: (computeFloor(many, "S1") / 60).toFixed(0),
			"on S3, min": (computeFloor(many, "S3") / 60).toFixed(1),
		};
	});
	return formatTable(
		`Creating, updating and deleting ${formatCount(paced[0]?.devices ?? 0)} devices on S1 with one unit`,
		rows,
	);
}

/** How many requests keep a hub busy, by its edition and how long an answer takes: more in flight only wait there. */
export function formatInFlightTable(): string {
	const hubs = [
		["S1", 1],
		["S1", 200],
		["S3", 1],
		["S3", 10],
	] as const;
	const rows = hubs.map(([sku, units]): Row => {
		const rate = RATES[sku].registry.perSecond * units;
		const needed = (latency: number) => Math.max(1, Math.ceil((rate * latency) / 1_000 - 1e-9));
		return {
			edition: sku,
			units,
			"registry operations per second": rate.toFixed(1),
			"in flight at 50 ms": needed(50),
			"at 100 ms": needed(100),
			"at 500 ms": needed(500),
		};
	});
	return formatTable("Requests in flight that keep a hub busy, computed", rows);
}

const WORDS = { single: "one request per device", bulk: "bulk of 100, etags read" } as const;

function times({ registry, query, twinRead }: Operations, factor: number): Operations {
	return { registry: registry * factor, query: query * factor, twinRead: twinRead * factor };
}

/** `10,000`. */
export function formatCount(count: number): string {
	return count.toLocaleString("en-US");
}

function told(seconds: number, isMeasured: boolean): string {
	return isMeasured ? digits(seconds) : `${digits(seconds)} (computed)`;
}

function digits(seconds: number): string {
	return seconds.toFixed(seconds < 10 ? 2 : 1);
}

function megabytes(bytes: number | undefined): string {
	return bytes === undefined ? "none" : (bytes / 1_048_576).toFixed(0);
}

/** Where and when a run took place. */
export interface Surroundings {
	/** `2026-11-22`. */
	readonly date: string;
	/** Processors, memory, operating system. */
	readonly machine: string;
	readonly node: string;
	readonly engine: string;
	/** What else the machine did when the run began: processes that wanted a processor, on average of a minute. */
	readonly load: number;
}

/** Everything that one run measured. */
export interface FleetRun {
	readonly surroundings: Surroundings;
	readonly sizes: readonly SizeFigures[];
	/** Seconds for each operation on so many dynamic resources that do nothing. */
	readonly nothing: { readonly count: number; readonly seconds: Readonly<Record<FleetOperation, number>> };
	readonly throttled: readonly ThrottledFigures[];
	readonly quick: readonly QuickFigures[];
	readonly paced: readonly PacedFigures[];
}
