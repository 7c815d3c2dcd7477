import { type Duration, durationOf } from "../http/throttle.ts";
import { MOST_TOGETHER } from "./importBatch.ts";
import { PACE } from "./pace.ts";

/** The operations on a list of machines that write. */
const OPERATIONS = ["create", "change", "destroy"] as const;

/** One of the operations on a list of machines that write. */
export type MachineOperation = (typeof OPERATIONS)[number];

/** What an operation on machines costs. */
export interface MachineForecast extends Duration {
	readonly operation: MachineOperation;
	readonly writes: number;
	/** How many writes a second Graph is sent at most. */
	readonly rate: number | undefined;
}

/** How long an import takes, in milliseconds: a minute where all is well, a quarter of an hour at worst. */
export const IMPORT = { least: 60_000, most: 15 * 60_000 } as const;

/**
 * What the operations on so many machines cost. Those that are worked on at a time are imported by one write for each hundred,
 * and each record is taken away by one; a machine is changed or deleted by one. Creating also waits for the imports, so many
 * at a time as Pulumi works on.
 *
 * @param asking how long an answer takes, in milliseconds, and how many machines are worked on at a time
 */
export function machineForecasts(
	machines: number,
	{ latency, parallel }: { latency: number; parallel: number },
): MachineForecast[] {
	const imports = Math.ceil(machines / Math.min(parallel, MOST_TOGETHER));
	return OPERATIONS.map((operation) => {
		const writes = machines + (operation === "create" ? imports : 0);
		const sent = durationOf(PACE, { write: writes }, latency);
		const waited = operation === "create" ? Math.ceil(machines / parallel) * IMPORT.least : 0;
		const slowest = waited > sent.milliseconds ? { milliseconds: waited, meter: undefined } : sent;
		const rate = slowest.meter === undefined ? undefined : PACE.rates[slowest.meter];
		return { operation, writes, ...slowest, rate };
	});
}
