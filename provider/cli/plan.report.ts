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

/** The forecast for one operation. */
export interface PlannedOperation {
	readonly operation: string;
	/** Requests by meter. */
	readonly requests: Readonly<Record<string, number>>;
	readonly seconds: number;
	/** The duration if Intune is slow; absent if the operation does not wait for Intune. */
	readonly maxSeconds?: number;
	/** The meter that determines the duration; `inFlight` stands for responses, `imports` and `deletions` for Intune's work. */
	readonly bound: string;
	/** How many requests, imports or deletions are waited for at a time, if that determines the duration. */
	readonly concurrency?: number;
	/** The rate that this meter allows, in requests per second. */
	readonly rate?: number;
	/** The smallest hubs that are fast enough, if this one is not. */
	readonly fastEnough?: readonly HubSize[];
}

/** The forecast for deploying a file. `--format json` prints this object. */
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

/** Forecasts the deployment of a fleet to a hub. */
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
			({ operation, milliseconds, meter, requests, rate, concurrency }) =>
				toPlannedOperation({
					operation,
					requests,
					milliseconds,
					bound: meter ?? "inFlight",
					concurrency,
					rate,
					fastEnough:
						milliseconds > withinMs
							? findFastEnoughHubs(operation, withinMs, {
									devices: ids.length,
									size: hub,
									options: forecastOptions,
								})
							: undefined,
				}),
		),
	};
}

/** Forecasts the registration of a list of machines. */
export function createMachinesPlan(machines: number, { file, latencyMs, parallel }: PlanOptions): PlanReport {
	return {
		version: 1,
		file,
		machines,
		faults: [],
		operations: estimateMachineOperations(machines, { latency: latencyMs, parallel }).map(
			({ operation, writes, meter, wait, ...forecast }) =>
				toPlannedOperation({
					...forecast,
					operation,
					bound: meter ?? wait ?? "inFlight",
					requests: { write: writes },
				}),
		),
	};
}

interface OperationForecast extends Pick<PlannedOperation, "operation" | "requests" | "bound"> {
	readonly milliseconds: number;
	readonly maxMilliseconds?: number | undefined;
	readonly concurrency: number | undefined;
	readonly rate: number | undefined;
	readonly fastEnough?: readonly HubSize[] | undefined;
}

function toPlannedOperation(forecast: OperationForecast): PlannedOperation {
	const { operation, requests, milliseconds, maxMilliseconds, bound, concurrency, rate, fastEnough } =
		forecast;
	return {
		operation,
		requests,
		seconds: toSeconds(milliseconds),
		...(maxMilliseconds !== undefined && { maxSeconds: toSeconds(maxMilliseconds) }),
		bound,
		...(concurrency !== undefined && { concurrency }),
		...(rate !== undefined && { rate }),
		...(fastEnough !== undefined && { fastEnough }),
	};
}

function toSeconds(milliseconds: number): number {
	return Math.round(milliseconds / 100) / 10;
}
