import { isSharedFault } from "../sharedFault.ts";

/** Rows of a list, by the id of their object. */
export type RowsById<Row> = ReadonlyMap<string, Row>;

/** How many single reads must miss the list before one more page of it is read. */
const MIN_MISSES_PER_PAGE = 20;
/** How long a row of the list is valid, in milliseconds. */
const MAX_ROW_AGE_MS = 5 * 60_000;
/** How long reading a list may take in total, in milliseconds, before objects are read one by one again. */
const MAX_BULK_READ_MS = 3 * 60_000;

/**
 * Returns how long reading the list may take, in milliseconds: at most half of the time that the waiting plan has.
 *
 * @param timeoutMs milliseconds that a plan has
 */
export function limitListTime(timeoutMs: number): number {
	return Math.min(MAX_BULK_READ_MS, timeoutMs / 2);
}

/** The requests that a bulk read of unchanged objects needs. */
export interface BulkReadCost {
	readonly pages: number;
	/** Objects that are read one by one before and between the pages. */
	readonly singleReads: number;
}

/**
 * Estimates the requests of a bulk read over a list that has these objects and no others.
 *
 * @param objects the number of objects
 * @param list how many objects a page has, and how many pages can be read in the time that a list may take
 */
export function estimateBulkRead(objects: number, list: { pageSize: number; pages: number }): BulkReadCost {
	const pages = objects < MIN_MISSES_PER_PAGE ? 0 : Math.min(Math.ceil(objects / list.pageSize), list.pages);
	const unlisted = Math.max(0, objects - pages * list.pageSize);
	return {
		pages,
		singleReads: Math.min(objects, pages === 0 ? objects : pages * (MIN_MISSES_PER_PAGE - 1) + unlisted),
	};
}

/**
 * Reads many objects from a list instead of by one request each. It reads one page for every twenty requested objects that are not on
 * the pages read so far: a short list is soon read completely, and a list that is much longer than the number of requested objects is
 * never read to its end. A list may lag behind and may contain deleted objects, so the caller must confirm a row that looks changed, or
 * a missing one. An error of the list ends the bulk read, but not the operation, unless single reads would fail for the same reason.
 */
export class BulkReader<Row> {
	readonly #openList: () => AsyncIterator<RowsById<Row>>;
	readonly #now: () => number;
	#pages: AsyncIterator<RowsById<Row>> | undefined;
	#reading: Promise<void> | undefined;
	#rows = new Map<string, Row>();
	#misses = 0;
	#pagesRead = 0;
	#startedAt: number | undefined;
	#isFinished = false;

	/**
	 * @param open opens the list
	 * @param now milliseconds on a clock that only runs forward
	 */
	constructor(open: () => AsyncIterator<RowsById<Row>>, now: () => number) {
		this.#openList = open;
		this.#now = now;
	}

	/**
	 * Returns the row of an object; undefined if the list has none, or if too few objects were requested to read it yet.
	 *
	 * @throws SharedFault if the list cannot be read for a reason that also affects single reads
	 */
	async getRow(id: string): Promise<Row | undefined> {
		this.#forgetStale();
		const known = this.#rows.get(id);
		if (known !== undefined || this.#isFinished) return known;
		this.#misses++;
		if (this.#misses < MIN_MISSES_PER_PAGE * (this.#pagesRead + 1)) return undefined;
		if (this.#reading !== undefined) {
			// The caller that began to read the page gets its error.
			await this.#reading.catch(() => undefined);
			return this.#rows.get(id);
		}
		this.#reading = this.#readPage().finally(() => {
			this.#reading = undefined;
		});
		await this.#reading;
		return this.#rows.get(id);
	}

	async #readPage(): Promise<void> {
		this.#startedAt ??= this.#now();
		this.#pages ??= this.#openList();
		try {
			const { done, value } = await this.#pages.next();
			if (done === true) this.#isFinished = true;
			else for (const [id, row] of value) this.#rows.set(id, row);
		} catch (error) {
			if (isSharedFault(error)) {
				this.#pages = undefined;
				throw error;
			}
			this.#isFinished = true;
		}
		this.#pagesRead++;
	}

	#forgetStale(): void {
		if (this.#startedAt === undefined || this.#now() - this.#startedAt < MAX_ROW_AGE_MS) return;
		this.#rows = new Map();
		this.#pages = undefined;
		this.#startedAt = undefined;
		this.#misses = 0;
		this.#pagesRead = 0;
		this.#isFinished = false;
	}
}
