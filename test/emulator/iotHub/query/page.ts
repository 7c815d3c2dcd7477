import { isObject, parseJson } from "../../json.ts";
import { argumentInvalid } from "../hubError.ts";

/** Where a query goes on: after a row's key, or once more from the start when the first page was left empty. */
interface Continuation {
	readonly after?: string;
	/** Rows handed out so far, for TOP. */
	readonly given: number;
	/** The query that it belongs to. */
	readonly query: string;
}

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
}

/** One page, and how to ask for the next; undefined on the last. */
export interface Page<Row> {
	readonly rows: readonly Row[];
	readonly next: string | undefined;
}

/** Cuts one page out of the rows. Rows that come or go between two pages neither shift nor repeat the others. */
export function pageOf<Row>(rows: readonly KeyedRow<Row>[], ask: PageAsk): Page<Row> {
	if (ask.token === undefined && ask.emptyFirst)
		return { rows: [], next: write({ given: 0, query: ask.query }) };
	const { after, given } =
		ask.token === undefined ? { after: undefined, given: 0 } : read(ask.token, ask.query);
	const left = rows
		.filter(({ key }) => after === undefined || key > after)
		.slice(0, (ask.top ?? Infinity) - given);
	const page = left.slice(0, ask.size);
	const last = page.at(-1);
	const hasMore = left.length > page.length && last !== undefined;
	const next = hasMore ? write({ after: last.key, given: given + page.length, query: ask.query }) : undefined;
	return { rows: page.map(({ row }) => row), next };
}

function write(continuation: Continuation): string {
	return Buffer.from(JSON.stringify(continuation)).toString("base64");
}

function read(
	token: string,
	query: string,
): Pick<Continuation, "given"> & { readonly after: string | undefined } {
	const value = parseJson(Buffer.from(token, "base64").toString("utf8"));
	const { after, given } = isObject(value) && value["query"] === query ? pick(value) : pick({});
	if (typeof given !== "number" || (after !== undefined && typeof after !== "string")) {
		throw argumentInvalid("The continuation token is not valid for this query");
	}
	return { given, after };
}

function pick(value: Readonly<Record<string, unknown>>): { after: unknown; given: unknown } {
	return { after: value["after"], given: value["given"] };
}
