/** Rows of a list by the id of the object that each is about. */
export type Rows<Row> = ReadonlyMap<string, Row>;

/** How many objects must have been asked for one by one before a page of the list is worth reading. */
const WORTH = 20;
/** How long what a list said counts, in milliseconds. */
const FRESH = 5 * 60_000;
/** How long a list may take in all, in milliseconds, before objects are asked for one by one again. */
const LONGEST = 3 * 60_000;

/**
 * How long the list may take where the plan that waits for it has so much time: never more than half of it.
 *
 * @param patience milliseconds that a plan has
 */
export function sweepTime(patience: number): number {
	return Math.min(LONGEST, patience / 2);
}

/** What it takes to answer for all of a list's objects where none has changed. */
export interface SweepCost {
	readonly pages: number;
	/** Objects that are asked for one by one on the way. */
	readonly single: number;
}

/**
 * About what a sweep costs over a list of these objects and no others.
 *
 * @param objects how many there are
 * @param list how many objects a page has, and how many pages can be read in the time that a list may take
 */
export function sweepCost(objects: number, list: { pageSize: number; pages: number }): SweepCost {
	const pages = objects < WORTH ? 0 : Math.min(Math.ceil(objects / list.pageSize), list.pages);
	const unlisted = Math.max(0, objects - pages * list.pageSize);
	return { pages, single: Math.min(objects, pages === 0 ? objects : pages * (WORTH - 1) + unlisted) };
}

/**
 * Answers for many objects out of a list instead of by a request each. A page is read for every twenty objects that the
 * pages so far did not have, so a short list is soon known whole, and a list far longer than what is asked for is never
 * read to its end. A list may lag behind and may hold what is gone: what it says of an object that looks changed, or does
 * not say, is to be confirmed. Whatever goes wrong with the list ends the sweep, never the operation.
 */
export class Sweep<Row> {
	readonly #open: () => AsyncIterator<Rows<Row>>;
	readonly #now: () => number;
	#pages: AsyncIterator<Rows<Row>> | undefined;
	#reading: Promise<void> | undefined;
	#rows = new Map<string, Row>();
	#missed = 0;
	#read = 0;
	#began: number | undefined;
	#over = false;

	/**
	 * @param open begins to read the list
	 * @param now milliseconds on a clock that only runs forward
	 */
	constructor(open: () => AsyncIterator<Rows<Row>>, now: () => number) {
		this.#open = open;
		this.#now = now;
	}

	/** What the list says of an object; undefined where it says nothing, or is not worth reading yet. */
	async row(id: string): Promise<Row | undefined> {
		this.#forgetStale();
		const known = this.#rows.get(id);
		if (known !== undefined || this.#over) return known;
		this.#missed++;
		if (this.#missed < WORTH * (this.#read + 1)) return undefined;
		this.#reading ??= this.#readPage().finally(() => {
			this.#reading = undefined;
		});
		await this.#reading;
		return this.#rows.get(id);
	}

	async #readPage(): Promise<void> {
		this.#began ??= this.#now();
		this.#pages ??= this.#open();
		try {
			const { done, value } = await this.#pages.next();
			if (done === true) this.#over = true;
			else for (const [id, row] of value) this.#rows.set(id, row);
		} catch {
			this.#over = true;
		}
		this.#read++;
	}

	#forgetStale(): void {
		if (this.#began === undefined || this.#now() - this.#began < FRESH) return;
		this.#rows = new Map();
		this.#pages = undefined;
		this.#began = undefined;
		this.#missed = 0;
		this.#read = 0;
		this.#over = false;
	}
}
