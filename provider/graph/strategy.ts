import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import type { GraphClient } from "./client.ts";
import type { ImportBatcher } from "./imports/batch.ts";
import type { Imports } from "./imports/records.ts";
import type { ChangeStrategy } from "./update.ts";

/** What a strategy asks with. */
export interface StrategyContext {
	readonly client: GraphClient;
	readonly imports: Imports;
	/** Queues imports together with other operations of this process. */
	readonly batch: ImportBatcher;
	readonly deadline: Deadline;
	readonly clock: Clock;
	/** The uploads that this process knows, by the id of the record below them: looking for one reads them all. */
	readonly uploads: Map<string, string>;
}

/** Which of Graph's routes register and change machines; reading and deleting is the same in all. */
export interface Strategy extends ChangeStrategy {
	/** Whether a machine's import record is needed for as long as the machine lives. */
	readonly keepsRecords: boolean;
	/** Queues an import. */
	queue(context: StrategyContext, inputs: AutopilotInputs, importId: string): Promise<ImportRecord>;
	/** Takes away what an import left besides its record. */
	cleanUp(context: StrategyContext, record: ImportRecord): Promise<void>;
}
