import type { BulkReader } from "../resource/bulkReader.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import type { ImportReader } from "./imports/records.ts";
import type { ListedRow } from "./paging.ts";
import type { PollingProgress } from "./polling.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import type { UnreadUsers } from "./unreadUser.ts";

/** Dependencies of one operation on a tenant's machines. */
export interface GraphOperationContext
	extends Pick<StrategyContext, "machines" | "imports" | "clock" | "deadline"> {
	readonly strategy: Strategy;
	/** Reads import records, together with other operations of this process. */
	readonly importReader: ImportReader;
	/** Reads rows of the tenant's list of machines; undefined if the list does not contain the machine, or is not worth reading. */
	readonly listedMachines: Pick<BulkReader<ListedRow>, "getRow">;
	readonly progress: PollingProgress;
	readonly unreadUsers: UnreadUsers;
	/** Removes an import record and its upload, now or at the end of the run. Warns if that fails and does not throw. */
	discardRecord(record: ImportRecord): Promise<void>;
}
