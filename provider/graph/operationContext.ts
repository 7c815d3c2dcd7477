import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import type { ImportReader, Imports } from "./imports/records.ts";
import type { Machines } from "./machines.ts";
import type { PollingProgress } from "./polling.ts";

/** A tenant's Autopilot as one operation sees it. */
export interface OperationContext {
	readonly machines: Machines;
	readonly imports: Imports;
	/** Reads the records of imports, together with other operations of this process. */
	readonly importReader: ImportReader;
	readonly clock: Clock;
	readonly deadline: Deadline;
	readonly progress: PollingProgress;
	/** Queues an import, by the route of the strategy. */
	queue(inputs: AutopilotInputs, importId: string): Promise<ImportRecord>;
	/** Takes an import's record away, with all that belongs to it. One that can't be taken away is told and left. */
	discard(record: ImportRecord): Promise<void>;
}
