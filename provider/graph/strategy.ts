import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import type { AutopilotInputs, ManagedField, ManagedValues } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import type { GraphClient } from "./client.ts";
import type { ImportBatcher } from "./imports/batch.ts";
import type { Imports } from "./imports/records.ts";
import type { Machines } from "./machines.ts";

/** Dependencies of a strategy in one operation. */
export interface StrategyContext {
	readonly client: GraphClient;
	readonly machines: Machines;
	readonly imports: Imports;
	/** Queues imports together with other operations of this process. */
	readonly importBatcher: Pick<ImportBatcher, "queue">;
	readonly clock: Clock;
	readonly deadline: Deadline;
	/** Ids of the uploads that this process knows, by the id of the import record in them: finding one reads all uploads. */
	readonly uploadIds: Map<string, string>;
}

/** A change to a machine: the machine as just read, and the values to write. */
export interface MachineUpdate {
	readonly from: LiveMachine;
	readonly to: ManagedValues;
}

/** The Graph routes that register and change machines; reading and deleting use the same routes in every strategy. */
export interface Strategy {
	/** Whether a machine's import record is needed for as long as the machine is registered. */
	readonly keepsRecords: boolean;
	/** The managed fields that the strategy can change. */
	readonly fields: readonly ManagedField[];
	/** Queues an import. */
	queueImport(inputs: AutopilotInputs, importId: string): Promise<ImportRecord>;
	/** Sends a change without waiting for it to take effect. */
	sendUpdate(update: MachineUpdate): Promise<void>;
	/** Removes the upload that an import created beside its record, if the strategy uses uploads. */
	removeUpload(record: ImportRecord): Promise<void>;
}
