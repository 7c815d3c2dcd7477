import { groupByLevel } from "../fleet/hierarchy.ts";
import { estimateMachineOperations } from "../graph/forecast.ts";
import {
	checkFleetQuota,
	estimateFleetOperations,
	findFastEnoughHubs,
	type HubSize,
} from "../iothub/forecast.ts";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import type { PlanOptions } from "./plan.options.ts";

/** What an operation will take. */
export interface PlannedOperation {
	readonly operation: string;
	/** Requests by meter. */
	readonly requests: Readonly<Record<string, number>>;
	readonly seconds: number;
	/** The meter that sets the time; `inFlight` and `imports` are the number of things under way at a time. */
	readonly bound: string;
	/** What that meter allows, in requests a second. */
	readonly rate?: number;
	/** The smallest hubs that are fast enough, where this one is not. */
	readonly fastEnough?: readonly HubSize[];
}

/** What deploying a file will take. */
export interface PlanReport {
	readonly version: 1;
	readonly file: string;
	readonly devices?: number;
	readonly machines?: number;
	readonly gateways?: number;
	readonly levels?: number;
	readonly sku?: string;
	readonly units?: number;
	readonly faults: readonly string[];
	readonly operations: readonly PlannedOperation[];
}

/** What deploying a fleet to a hub will take. */
export function createDeviceFleetPlan(
	devices: Readonly<Record<string, FleetDevice>>,
	hub: HubSize,
	{ file, withinMs, latencyMs, registryOnly }: PlanOptions,
): PlanReport {
	const ids = Object.keys(devices);
	const forecastOptions = { latencyMs, registryOnly };
	const quotaProblem = checkFleetQuota(ids.length, hub);
	return {
		version: 1,
		file,
		devices: ids.length,
		gateways: ids.filter((id) => devices[id]?.capabilities?.iotEdge === true).length,
		levels: groupByLevel(ids, (id) => devices[id]?.parent).length,
		...hub,
		faults: quotaProblem === undefined ? [] : [quotaProblem],
		operations: estimateFleetOperations(ids.length, hub, forecastOptions).map(
			({ operation, milliseconds, meter, ...rest }) => ({
				...toPlannedOperation({ operation, milliseconds, bound: meter ?? "inFlight", ...rest }),
				...(milliseconds > withinMs && {
					fastEnough: findFastEnoughHubs(operation, withinMs, {
						devices: ids.length,
						size: hub,
						options: forecastOptions,
					}),
				}),
			}),
		),
	};
}

/** What registering a list of machines will take. */
export function createMachinesPlan(machines: number, { file, latencyMs, parallel }: PlanOptions): PlanReport {
	return {
		version: 1,
		file,
		machines,
		faults: [],
		operations: estimateMachineOperations(machines, { latency: latencyMs, parallel }).map(
			({ operation, writes, milliseconds, meter, rate }) => {
				const bound = meter ?? (operation === "create" ? "imports" : "inFlight");
				return toPlannedOperation({ operation, milliseconds, bound, rate, requests: { write: writes } });
			},
		),
	};
}

function toPlannedOperation({
	operation,
	requests,
	milliseconds,
	bound,
	rate,
}: Pick<PlannedOperation, "operation" | "requests" | "bound"> & {
	milliseconds: number;
	rate: number | undefined;
}): PlannedOperation {
	const seconds = Math.round(milliseconds / 100) / 10;
	return { operation, requests, seconds, bound, ...(rate !== undefined && { rate }) };
}
