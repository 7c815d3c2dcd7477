import type { Clock } from "../http/clock.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import { type Answers, Gathering } from "./gathering.ts";
import type { ImportReader, Imports, Sought } from "./imports.ts";
import { isUnderWay } from "./importWaiting.ts";

/** For so many imports that are looked at together one more page of the list is worth reading. */
const WORTH = 20;

interface Search extends Sought {
	readonly imports: Imports;
}

interface Look {
	readonly imports: Imports;
	readonly record: ImportRecord;
}

/**
 * Reads the records of imports for all operations of this process: once for those that ask at the same time, and by a
 * request of its own for one that asks alone. Whatever goes wrong with the list they read by themselves.
 */
export class ImportList implements ImportReader {
	readonly #clock: Clock;
	readonly #searches: Gathering<Search, readonly ImportRecord[]>;
	readonly #looks: Gathering<Look, ImportRecord | undefined>;
	/** Whether the list was caught telling less of an import than the import's own record. */
	#isBehind = false;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#searches = new Gathering(clock, searched);
		this.#looks = new Gathering(clock, (looks) => this.#looked(looks));
	}

	search(imports: Imports, sought: Sought): Promise<readonly ImportRecord[]> {
		return this.#searches.ask({ imports, ...sought });
	}

	look(imports: Imports, record: ImportRecord): Promise<ImportRecord | undefined> {
		return this.#looks.ask({ imports, record });
	}

	/**
	 * Lists of this service lag and leave members blank. A row is believed that is complete and says which machine came of
	 * it; so are rows under way, as long as the record of one of them, taken at random, says the same. All else is read.
	 */
	async #looked(looks: readonly Look[]): Promise<Answers<Look, ImportRecord | undefined>> {
		const rows = this.#isBehind || looks.length === 1 ? undefined : await rowsFor(looks);
		if (rows === undefined) return read;
		const told = new Map(looks.map((look) => [look, believed(rows.get(look.record.id))]));
		const waiting = looks.filter((look) => {
			const row = told.get(look);
			return row !== undefined && isUnderWay(row);
		});
		const sample = waiting[Math.floor(this.#clock.random() * waiting.length)];
		const seen = sample && (await read(sample).catch(() => undefined));
		if (seen !== undefined && !isUnderWay(seen)) this.#isBehind = true;
		return (look) => {
			if (look === sample) return seen ?? read(look);
			const row = told.get(look);
			return row === undefined || (this.#isBehind && isUnderWay(row)) ? read(look) : row;
		};
	}
}

/** What is not in the list is believed only of one that came whole, in one page: rows move while others are removed. */
async function searched(searches: readonly Search[]): Promise<Answers<Search, readonly ImportRecord[]>> {
	const [first, second] = searches;
	const list = first && second && (await first.imports.list(1).catch(() => undefined));
	if (list?.isWhole !== true) return (search) => search.imports.search(search.serialNumber, matching(search));
	return (search) => list.records.filter(matching(search));
}

function matching({ serialNumber, importId }: Sought): (record: ImportRecord) => boolean {
	return (record) =>
		record.serialNumber === serialNumber && record.importId.toLowerCase() === importId.toLowerCase();
}

async function rowsFor(looks: readonly Look[]): Promise<ReadonlyMap<string, ImportRecord> | undefined> {
	const [first] = looks;
	const pages = Math.ceil(looks.length / WORTH);
	const list = await first?.imports.list(pages).catch(() => undefined);
	return list && new Map(list.records.map((record) => [record.id, record]));
}

function read({ imports, record }: Look): Promise<ImportRecord | undefined> {
	return imports.get(record.id, record.serialNumber);
}

function believed(row: ImportRecord | undefined): ImportRecord | undefined {
	const { deviceImportStatus: status, deviceRegistrationId: id } = row?.state ?? {};
	const isTold = status === "unknown" || status === "pending" || (status === "complete" && id !== "");
	return isTold ? row : undefined;
}
