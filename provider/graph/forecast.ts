import { type DurationEstimate, estimateDuration } from "../http/rateLimit.ts";
import { MAX_IMPORTS_PER_REQUEST } from "./imports/batch.ts";
import { GRAPH_RATE_LIMITS } from "./rateLimits.ts";

/** The operations on a list of machines that write. */
const MACHINE_OPERATIONS = ["create", "change", "destroy"] as const;

/** One of the operations on a list of machines that write. */
export type MachineOperation = (typeof MACHINE_OPERATIONS)[number];

/** What an operation on machines costs. */
export interface MachineForecast extends DurationEstimate {
	readonly operation: MachineOperation;
	readonly writes: number;
	/** How many writes a second Graph is sent at most. */
	readonly rate: number | undefined;
}

/** How long an import takes, in milliseconds: a minute where all is well, a quarter of an hour at worst. */
export const IMPORT_DURATION_MS = { min: 60_000, max: 15 * 60_000 } as const;

/**
 * What the operations on so many machines cost. Those that are worked on at a time are imported by one write for each hundred,
 * and each record is taken away by one; a machine is changed or deleted by one. Creating also waits for the imports, so many
 * at a time as Pulumi works on.
 *
 * @param asking how long an answer takes, in milliseconds, and how many machines are worked on at a time
 */
export function estimateMachineOperations(
	machineCount: number,
	{ latency, parallel }: { latency: number; parallel: number },
): MachineForecast[] {
	const importRequests = Math.ceil(machineCount / Math.min(parallel, MAX_IMPORTS_PER_REQUEST));
	return MACHINE_OPERATIONS.map((operation) => {
		const writes = machineCount + (operation === "create" ? importRequests : 0);
		const sendDuration = estimateDuration(GRAPH_RATE_LIMITS, { write: writes }, latency);
		const importWaitMs =
			operation === "create" ? Math.ceil(machineCount / parallel) * IMPORT_DURATION_MS.min : 0;
		const slowest =
			importWaitMs > sendDuration.milliseconds
				? { milliseconds: importWaitMs, meter: undefined }
				: sendDuration;
		const rate = slowest.meter === undefined ? undefined : GRAPH_RATE_LIMITS.requestsPerSecond[slowest.meter];
		return { operation, writes, ...slowest, rate };
	});
}
