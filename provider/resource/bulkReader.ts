/** Rows of a list by the id of the object that each is about. */
export type RowsById<Row> = ReadonlyMap<string, Row>;

/** How many objects must have been asked for one by one before a page of the list is worth reading. */
const MIN_MISSES_PER_PAGE = 20;
/** How long what a list said counts, in milliseconds. */
const MAX_ROW_AGE_MS = 5 * 60_000;
/** How long a list may take in all, in milliseconds, before objects are asked for one by one again. */
const MAX_BULK_READ_MS = 3 * 60_000;

/**
 * How long the list may take where the plan that waits for it has so much time: never more than half of it.
 *
 * @param timeoutMs milliseconds that a plan has
 */
export function limitListTime(timeoutMs: number): number {
	return Math.min(MAX_BULK_READ_MS, timeoutMs / 2);
}

/** What it takes to answer for all of a list's objects where none has changed. */
export interface BulkReadCost {
	readonly pages: number;
	/** Objects that are asked for one by one on the way. */
	readonly singleReads: number;
}

/**
 * About what a sweep costs over a list of these objects and no others.
 *
 * @param objects how many there are
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
 * Answers for many objects out of a list instead of by a request each. A page is read for every twenty objects that the
 * pages so far did not have, so a short list is soon known whole, and a list far longer than what is asked for is never
 * read to its end. A list may lag behind and may hold what is gone: what it says of an object that looks changed, or does
 * not say, is to be confirmed. Whatever goes wrong with the list ends the sweep, never the operation.
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
	 * @param open begins to read the list
	 * @param now milliseconds on a clock that only runs forward
	 */
	constructor(open: () => AsyncIterator<RowsById<Row>>, now: () => number) {
		this.#openList = open;
		this.#now = now;
	}

	/** What the list says of an object; undefined where it says nothing, or is not worth reading yet. */
	async getRow(id: string): Promise<Row | undefined> {
		this.#forgetStale();
		const known = this.#rows.get(id);
		if (known !== undefined || this.#isFinished) return known;
		this.#misses++;
		if (this.#misses < MIN_MISSES_PER_PAGE * (this.#pagesRead + 1)) return undefined;
		this.#reading ??= this.#readPage().finally(() => {
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
		} catch {
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
