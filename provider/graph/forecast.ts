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
	/** The duration if Intune is slow, in milliseconds; undefined if the operation does not wait for Intune. */
	readonly maxMilliseconds: number | undefined;
	/** What the operation waits for in Intune, if that takes longest. */
	readonly wait: "imports" | "deletions" | undefined;
	/** How many requests are in flight, or how many machines wait for Intune, at a time; undefined if a rate limit takes longest. */
	readonly concurrency: number | undefined;
}

/** What an operation waits for in Intune, and how long that takes for one machine, in milliseconds. */
const WAITS: Readonly<Partial<Record<MachineOperation, Wait>>> = {
	// Observed durations: 23 s to 177 s. Guides document up to 15 minutes.
	create: { name: "imports", minMs: 60_000, maxMs: 15 * 60_000 },
	// "A few minutes" ("Windows Autopilot registration", Microsoft Learn); half an hour was observed.
	destroy: { name: "deletions", minMs: 3 * 60_000, maxMs: 30 * 60_000 },
};

interface Wait {
	readonly name: "imports" | "deletions";
	readonly minMs: number;
	readonly maxMs: number;
}

/**
 * Estimates the writes and the duration of creating, changing and deleting this many machines. Imports need one write for each
 * hundred machines that are created at the same time, and one for each record to remove. A change or a deletion needs one write.
 * Creating and deleting also wait for Intune, for as many machines at a time as Pulumi processes in parallel.
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
		const wait = WAITS[operation];
		const rounds = Math.ceil(machineCount / parallel);
		const maxMilliseconds = wait && Math.max(sendDuration.milliseconds, rounds * wait.maxMs);
		if (wait !== undefined && rounds * wait.minMs > sendDuration.milliseconds) {
			const milliseconds = rounds * wait.minMs;
			const bound = { meter: undefined, rate: undefined, wait: wait.name, concurrency: parallel };
			return { operation, writes, milliseconds, maxMilliseconds, ...bound };
		}
		const { meter } = sendDuration;
		const bound = {
			rate: meter === undefined ? undefined : GRAPH_RATE_LIMITS.requestsPerSecond[meter],
			wait: undefined,
			concurrency: meter === undefined ? GRAPH_RATE_LIMITS.maxInFlight : undefined,
		};
		return { operation, writes, maxMilliseconds, ...sendDuration, ...bound };
	});
}
