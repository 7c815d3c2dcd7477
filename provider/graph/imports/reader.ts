import type { Clock } from "../../http/clock.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { RequestCoalescer, type Responder } from "./coalesce.ts";
import type { ImportKey, ImportReader, Imports } from "./records.ts";
import { isInProgress } from "./wait.ts";

/** For so many imports that are looked at together one more page of the list is worth reading. */
const MIN_READS_PER_PAGE = 20;

interface RecordSearch extends ImportKey {
	readonly imports: Imports;
}

interface RecordRead {
	readonly imports: Imports;
	readonly record: ImportRecord;
}

/**
 * Reads the records of imports for all operations of this process: once for those that ask at the same time, and by a
 * request of its own for one that asks alone. Whatever goes wrong with the list they read by themselves.
 */
export class CoalescedImportReader implements ImportReader {
	readonly #clock: Clock;
	readonly #searches: RequestCoalescer<RecordSearch, readonly ImportRecord[]>;
	readonly #reads: RequestCoalescer<RecordRead, ImportRecord | undefined>;
	/** Whether the list was caught telling less of an import than the import's own record. */
	#isListStale = false;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#searches = new RequestCoalescer(clock, searchRecords);
		this.#reads = new RequestCoalescer(clock, (looks) => this.#readRecords(looks));
	}

	search(imports: Imports, key: ImportKey): Promise<readonly ImportRecord[]> {
		return this.#searches.submit({ imports, ...key });
	}

	get(imports: Imports, record: ImportRecord): Promise<ImportRecord | undefined> {
		return this.#reads.submit({ imports, record });
	}

	/**
	 * Lists of this service lag and leave members blank. A row is believed that is complete and says which machine came of
	 * it; so are rows under way, as long as the record of one of them, taken at random, says the same. All else is read.
	 */
	async #readRecords(reads: readonly RecordRead[]): Promise<Responder<RecordRead, ImportRecord | undefined>> {
		const rows = this.#isListStale || reads.length === 1 ? undefined : await listRowsById(reads);
		if (rows === undefined) return readRecord;
		const conclusiveRows = new Map(reads.map((look) => [look, pickConclusive(rows.get(look.record.id))]));
		const inProgress = reads.filter((look) => {
			const row = conclusiveRows.get(look);
			return row !== undefined && isInProgress(row);
		});
		const sample = inProgress[Math.floor(this.#clock.random() * inProgress.length)];
		const sampleRecord = sample && (await readRecord(sample).catch(() => undefined));
		if (sampleRecord !== undefined && !isInProgress(sampleRecord)) this.#isListStale = true;
		return (look) => {
			if (look === sample) return sampleRecord ?? readRecord(look);
			const row = conclusiveRows.get(look);
			return row === undefined || (this.#isListStale && isInProgress(row)) ? readRecord(look) : row;
		};
	}
}

/** What is not in the list is believed only of one that came whole, in one page: rows move while others are removed. */
async function searchRecords(
	searches: readonly RecordSearch[],
): Promise<Responder<RecordSearch, readonly ImportRecord[]>> {
	const [first, second] = searches;
	const list = first && second && (await first.imports.list(1).catch(() => undefined));
	if (list?.isComplete !== true)
		return (search) => search.imports.search(search.serialNumber, createRecordMatcher(search));
	return (search) => list.records.filter(createRecordMatcher(search));
}

function createRecordMatcher({ serialNumber, importId }: ImportKey): (record: ImportRecord) => boolean {
	return (record) =>
		record.serialNumber === serialNumber && record.importId.toLowerCase() === importId.toLowerCase();
}

async function listRowsById(
	reads: readonly RecordRead[],
): Promise<ReadonlyMap<string, ImportRecord> | undefined> {
	const [first] = reads;
	const pageCount = Math.ceil(reads.length / MIN_READS_PER_PAGE);
	const list = await first?.imports.list(pageCount).catch(() => undefined);
	return list && new Map(list.records.map((record) => [record.id, record]));
}

function readRecord({ imports, record }: RecordRead): Promise<ImportRecord | undefined> {
	return imports.get(record.id, record.serialNumber);
}

function pickConclusive(row: ImportRecord | undefined): ImportRecord | undefined {
	const { deviceImportStatus: status, deviceRegistrationId: id } = row?.state ?? {};
	const isConclusive = status === "unknown" || status === "pending" || (status === "complete" && id !== "");
	return isConclusive ? row : undefined;
}
