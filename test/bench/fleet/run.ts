import type { PacedFigures, QuickFigures } from "./bulk.ts";
import type { FleetOperation } from "./goals.ts";
import type { SizeFigures } from "./programs.ts";
import type { ThrottledFigures } from "./throttled.ts";

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
