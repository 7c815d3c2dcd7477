import { type Duration, durationOf } from "../http/throttle.ts";
import { PACE } from "./pace.ts";

/** What is done with a list of machines, and how often each machine is written to on the way. */
const WRITES = { create: 2, change: 1, destroy: 1 } as const;

/** One of the operations on a list of machines that write. */
export type MachineOperation = keyof typeof WRITES;

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
 * What the operations on so many machines cost. An import is queued and its record taken away, both writes; a machine is
 * changed or deleted by one. Creating also waits for the imports, so many at a time as Pulumi works on.
 *
 * @param asking how long an answer takes, in milliseconds, and how many machines are worked on at a time
 */
export function machineForecasts(
	machines: number,
	{ latency, parallel }: { latency: number; parallel: number },
): MachineForecast[] {
	const operations = Object.keys(WRITES) as MachineOperation[];
	return operations.map((operation) => {
		const writes = machines * WRITES[operation];
		const sent = durationOf(PACE, { write: writes }, latency);
		const waited = operation === "create" ? Math.ceil(machines / parallel) * IMPORT.least : 0;
		const slowest = waited > sent.milliseconds ? { milliseconds: waited, meter: undefined } : sent;
		const rate = slowest.meter === undefined ? undefined : PACE.rates[slowest.meter];
		return { operation, writes, ...slowest, rate };
	});
}
