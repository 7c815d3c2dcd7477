import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { MemoryBudget } from "../http/memoryBudget.ts";
import { asObject, asString } from "../values.ts";
import type { GraphClient } from "./client.ts";

/** A list to read. */
export interface ListRequest {
	/** The operation's name in error messages: `listing machines`. */
	readonly operationName: string;
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly deadline: Deadline;
}

/** A row with its id; the other members are not checked. */
export type ListedRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** The maximum number of pages, which is more than any tenant has. A longer list is treated as endless. */
const MAX_PAGES = 1_000;

/**
 * Lists all rows, each once. Graph's cursor over machines contains the last serial number and begins the next page with
 * the same row again; a page with only one serial number links to itself, which is an error here instead of an endless
 * loop. An empty page need not be the last one ("Paging Microsoft Graph data in your app").
 */
export async function* listRows(client: GraphClient, request: ListRequest): AsyncGenerator<ListedRow> {
	for await (const page of listPages(client, request)) yield* page;
}

/** Lists all rows page by page, each row once. */
export async function* listPages(
	client: GraphClient,
	request: ListRequest,
): AsyncGenerator<readonly ListedRow[]> {
	const seenIds = new Set<string>();
	const memoryBudget = new MemoryBudget(request.operationName);
	let nextLink: string | undefined;
	for (let page = 1; page === 1 || nextLink !== undefined; page++) {
		if (page > MAX_PAGES) throw createPagingError(request, `it has more than ${MAX_PAGES} pages`);
		const currentLink: string | undefined = nextLink;
		const { operationName, path, deadline, query } = request;
		const address = currentLink === undefined ? { path, query: query ?? {} } : { path: currentLink };
		const response = asObject(
			(await client.send({ operationName, method: "GET", deadline, ...address })).json,
		);
		const rows = parseListedRows(response["value"], operationName);
		memoryBudget.addPage(rows);
		const newRows = rows.filter(({ id }) => !seenIds.has(id));
		for (const row of newRows) seenIds.add(row.id);
		yield newRows;
		nextLink = asString(response["@odata.nextLink"]);
		if (nextLink === undefined) return;
		if (nextLink === currentLink || (rows.length > 0 && newRows.length === 0)) {
			throw createPagingError(
				request,
				"a page links back to itself, as happens when many machines share one serial number",
			);
		}
	}
}

function parseListedRows(value: unknown, operationName: string): ListedRow[] {
	if (!Array.isArray(value))
		throw new UnreadableAnswer(`${operationName} failed: the response is not a list`, 200);
	return value.map(asObject).flatMap((row) => {
		const id = asString(row["id"]);
		return id === undefined ? [] : [{ ...row, id }];
	});
}

function createPagingError({ operationName }: ListRequest, reason: string): UnreadableAnswer {
	return new UnreadableAnswer(`${operationName} failed: the list does not end: ${reason}`, 200);
}
