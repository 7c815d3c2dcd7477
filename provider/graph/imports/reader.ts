import type { Clock } from "../../http/clock.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { RequestCoalescer, type Responder } from "./coalesce.ts";
import { type ImportKey, type ImportReader, type Imports, mayBeImport } from "./records.ts";
import { isInProgress } from "./wait.ts";

/** The number of simultaneous reads that are worth one page of the list. */
const MIN_READS_PER_PAGE = 20;

interface RecordSearch extends ImportKey {
	readonly imports: Imports;
}

interface RecordRead {
	readonly imports: Imports;
	readonly record: ImportRecord;
}

/**
 * An ImportReader that serves simultaneous reads from one list. A single read uses a request of its own, and so does any
 * read whose result the list does not contain.
 */
export class CoalescedImportReader implements ImportReader {
	readonly #clock: Clock;
	readonly #searches: RequestCoalescer<RecordSearch, readonly ImportRecord[]>;
	readonly #reads: RequestCoalescer<RecordRead, ImportRecord | undefined>;
	/** Whether the list has shown an older state of an import than the import's own record. */
	#isListStale = false;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#searches = new RequestCoalescer(clock, searchRecords);
		this.#reads = new RequestCoalescer(clock, (reads) => this.#readRecords(reads));
	}

	search(imports: Imports, key: ImportKey): Promise<readonly ImportRecord[]> {
		return this.#searches.submit({ imports, ...key });
	}

	get(imports: Imports, record: ImportRecord): Promise<ImportRecord | undefined> {
		return this.#reads.submit({ imports, record });
	}

	/**
	 * Reads many records. Lists of this service lag and omit members. A complete row with a registration id is used as it is;
	 * so are rows in progress, as long as the record of one of them, chosen at random, agrees. All other records are read.
	 */
	async #readRecords(reads: readonly RecordRead[]): Promise<Responder<RecordRead, ImportRecord | undefined>> {
		const rows = this.#isListStale || reads.length === 1 ? undefined : await listRowsById(reads);
		if (rows === undefined) return readRecord;
		const conclusiveRows = new Map(reads.map((read) => [read, pickConclusive(rows.get(read.record.id))]));
		const inProgress = reads.filter((read) => {
			const row = conclusiveRows.get(read);
			return row !== undefined && isInProgress(row);
		});
		const sample = inProgress[Math.floor(this.#clock.random() * inProgress.length)];
		const sampleRecord = sample && (await readRecord(sample).catch(() => undefined));
		if (sampleRecord !== undefined && !isInProgress(sampleRecord)) this.#isListStale = true;
		return (read) => {
			if (read === sample) return sampleRecord ?? readRecord(read);
			const row = conclusiveRows.get(read);
			return row === undefined || (this.#isListStale && isInProgress(row)) ? readRecord(read) : row;
		};
	}
}

/** Searches a list for many imports, but only if all of it is one page: rows move between pages while others are removed. */
async function searchRecords(
	searches: readonly RecordSearch[],
): Promise<Responder<RecordSearch, readonly ImportRecord[]>> {
	const [first, second] = searches;
	const list = first && second && (await first.imports.list(1).catch(() => undefined));
	if (list?.isComplete !== true) return (search) => search.imports.searchImports(search);
	return (search) => list.records.filter((record) => mayBeImport(record, search));
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
