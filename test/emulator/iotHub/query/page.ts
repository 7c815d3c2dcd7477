import { isObject, parseJson } from "../../json.ts";
import { createArgumentError } from "../hubError.ts";

/** Where a query goes on: after a row's key, or once more from the start when the first page was left empty. */
interface Continuation {
	readonly after?: string;
	/** Rows handed out so far, for TOP. */
	readonly given: number;
	/** Pages so far; the one that was left empty does not count. */
	readonly pages: number;
	/** The query that it belongs to. */
	readonly query: string;
}

/** Where a page begins. */
type Start = Omit<Continuation, "query">;

/** A row and the key by which pages go on; keys ascend. */
export interface KeyedRow<Row> {
	readonly key: string;
	readonly row: Row;
}

/** What decides a page. */
export interface PageAsk {
	readonly query: string;
	readonly size: number;
	/** The most rows of all pages together. */
	readonly top: number | undefined;
	/** The `x-ms-continuation` of the page before. */
	readonly token: string | undefined;
	readonly emptyFirst: boolean;
	/** With how many rows of the page before a page begins again. */
	readonly repeated: number;
	/** The page that is left out, counted from 1; 0 for none. */
	readonly missing: number;
}

/** One page, and how to ask for the next; undefined on the last. */
export interface Page<Row> {
	readonly rows: readonly Row[];
	readonly next: string | undefined;
}

/**
 * Cuts one page out of the rows. Rows that come or go between two pages neither shift nor repeat the others, unless it is
 * asked for that pages overlap or that one is missing.
 */
export function createQueryPage<Row>(rows: readonly KeyedRow<Row>[], ask: PageAsk): Page<Row> {
	const { token, query, emptyFirst, missing } = ask;
	if (token === undefined && emptyFirst) return { rows: [], next: write({ ...BEGIN, query }) };
	const start = token === undefined ? BEGIN : read(token, query);
	const page = createPageFrom(rows, start, ask);
	if (start.pages + 1 !== missing) return page;
	return page.next === undefined ? { ...page, rows: [] } : createPageFrom(rows, read(page.next, query), ask);
}

const BEGIN: Start = { given: 0, pages: 0 };

function createPageFrom<Row>(
	rows: readonly KeyedRow<Row>[],
	{ after, given, pages }: Start,
	{ query, size, top, repeated }: PageAsk,
): Page<Row> {
	const isNew = ({ key }: KeyedRow<Row>) => after === undefined || key > after;
	const left = rows.filter(isNew).slice(0, (top ?? Infinity) - given);
	const fresh = left.slice(0, size);
	const again = repeated > 0 ? rows.filter((row) => !isNew(row)).slice(-repeated) : [];
	const last = fresh.at(-1);
	const hasMore = left.length > fresh.length && last !== undefined;
	const next = hasMore
		? write({ after: last.key, given: given + fresh.length, pages: pages + 1, query })
		: undefined;
	return { rows: [...again, ...fresh].map(({ row }) => row), next };
}

function write(continuation: Continuation): string {
	return Buffer.from(JSON.stringify(continuation)).toString("base64");
}

function read(token: string, query: string): Start {
	const value = parseJson(Buffer.from(token, "base64").toString("utf8"));
	const { after, given, pages } = isObject(value) && value["query"] === query ? pick(value) : pick({});
	const isSound = typeof given === "number" && typeof pages === "number";
	if (!isSound || (after !== undefined && typeof after !== "string")) {
		throw createArgumentError("The continuation token is not valid for this query");
	}
	return { given, pages, ...(after !== undefined && { after }) };
}

function pick(value: Readonly<Record<string, unknown>>): Record<keyof Start, unknown> {
	return { after: value["after"], given: value["given"], pages: value["pages"] };
}
