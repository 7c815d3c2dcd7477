import { mapConcurrently } from "../fleet/pool.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";

/** How many records are taken away at a time; the client's pace holds them back anyway. */
const DISCARD_CONCURRENCY = 500;

/**
 * The records of imports that ended well in a run on many machines. They stay until all of its machines were dealt with:
 * should the run be interrupted, the next one knows by them which machines are its own.
 */
export class DeferredRecords {
	readonly #records = new Map<string, ImportRecord>();

	/** Leaves a record for later. */
	readonly add = async (record: ImportRecord): Promise<void> => {
		this.#records.set(record.id, record);
	};

	/** Takes all of them away, as the given function does it with one; it must not throw. */
	async discardAll(discard: (record: ImportRecord) => Promise<void>): Promise<void> {
		const records = new Map(this.#records);
		this.#records.clear();
		await mapConcurrently(records.keys(), DISCARD_CONCURRENCY, async (id) => {
			const record = records.get(id);
			if (record !== undefined) await discard(record);
		});
	}
}
