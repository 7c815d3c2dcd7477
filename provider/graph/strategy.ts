import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import type { Manner } from "./changing.ts";
import type { Client } from "./client.ts";
import type { ImportBatch } from "./importBatch.ts";
import type { Imports } from "./imports.ts";

/** What a strategy asks with. */
export interface Conversation {
	readonly client: Client;
	readonly imports: Imports;
	/** Queues imports together with other operations of this process. */
	readonly batch: ImportBatch;
	readonly deadline: Deadline;
	readonly clock: Clock;
	/** The uploads that this process knows, by the id of the record below them: looking for one reads them all. */
	readonly uploads: Map<string, string>;
}

/** Which of Graph's routes register and change machines; reading and deleting is the same in all. */
export interface Strategy extends Manner {
	/** Whether a machine's import record is needed for as long as the machine lives. */
	readonly keepsRecords: boolean;
	/** Queues an import. */
	queue(conversation: Conversation, inputs: AutopilotInputs, importId: string): Promise<ImportRecord>;
	/** Takes away what an import left besides its record. */
	tidy(conversation: Conversation, record: ImportRecord): Promise<void>;
}
