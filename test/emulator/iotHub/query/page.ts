import { isObject, parseJson } from "../../json.ts";
import { createArgumentError } from "../hubError.ts";

/** Where a query continues: after a row's key, or at the start if the first page was left empty. */
interface Continuation {
	readonly after?: string;
	/** The number of rows returned so far, for TOP. */
	readonly given: number;
	/** The number of pages so far, without an empty first page. */
	readonly pages: number;
	/** The query that it belongs to. */
	readonly query: string;
}

/** The start of a page. */
type Start = Omit<Continuation, "query">;

/** A row and its key, by which pages continue; keys ascend. */
export interface KeyedRow<Row> {
	readonly key: string;
	readonly row: Row;
}

/** The parameters of a page. */
export interface PageAsk {
	readonly query: string;
	readonly size: number;
	/** The maximum number of rows of all pages together. */
	readonly top: number | undefined;
	/** The `x-ms-continuation` of the previous page. */
	readonly token: string | undefined;
	readonly emptyFirst: boolean;
	/** How many rows of the previous page are repeated. */
	readonly repeated: number;
	/** The page that is omitted, counted from 1; 0 for none. */
	readonly missing: number;
}

/** One page, and the request for the next; undefined for the last page. */
export interface Page<Row> {
	readonly rows: readonly Row[];
	readonly next: string | undefined;
}

/**
 * Returns one page of the rows. Rows that are added or removed between two pages neither shift nor repeat the others,
 * unless pages must overlap or one is omitted.
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
