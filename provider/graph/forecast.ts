import { type DurationEstimate, estimateDuration } from "../http/rateLimit.ts";
import { MAX_IMPORTS_PER_REQUEST } from "./imports/batch.ts";
import { GRAPH_RATE_LIMITS } from "./rateLimits.ts";

/** The operations on machines that send writes. */
const MACHINE_OPERATIONS = ["create", "change", "destroy"] as const;

/** An operation on machines that sends writes. */
export type MachineOperation = (typeof MACHINE_OPERATIONS)[number];

/** The estimated cost of an operation on machines. */
export interface MachineForecast extends DurationEstimate {
	readonly operation: MachineOperation;
	readonly writes: number;
	/** The maximum rate of writes to Graph, per second; undefined if the rate limit is not what takes longest. */
	readonly rate: number | undefined;
}

/** How long an import takes, in milliseconds: a minute at best, a quarter of an hour at worst. */
const IMPORT_DURATION_MS = { min: 60_000, max: 15 * 60_000 } as const;

/**
 * Estimates writes and duration of creating, changing and deleting this many machines. An import needs one write for each
 * hundred machines created at the same time, and one for each record to remove; a change or a deletion needs one write. Creating also
 * waits for the imports, as many at a time as Pulumi runs in parallel.
 *
 * @param options how long a response takes, in milliseconds, and how many machines are processed in parallel
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
