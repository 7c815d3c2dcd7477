import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { Load } from "../http/load.ts";
import type { Client } from "./client.ts";

/** A list to read. */
export interface Listing {
	/** What for, as an error says it: `listing machines`. */
	readonly what: string;
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly deadline: Deadline;
}

/** A row with its id; the rest is the reader's business. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** More pages than any tenant has; a list that is longer goes in a circle that is not seen otherwise. */
const MOST_PAGES = 1_000;

/**
 * All rows of a list, each once. Graph's cursor over machines names the last serial number and begins the next page with
 * that very row again; where a page is full of one serial number it leads back to itself, which ends in an error here
 * and in an endless loop elsewhere. An empty page need not be the last one ("Paging Microsoft Graph data in your app").
 */
export async function* rowsOf(client: Client, listing: Listing): AsyncGenerator<Row> {
	for await (const page of pagesOf(client, listing)) yield* page;
}

/** The same, page by page. */
export async function* pagesOf(client: Client, listing: Listing): AsyncGenerator<readonly Row[]> {
	const seen = new Set<string>();
	const load = new Load(listing.what);
	let link: string | undefined;
	for (let page = 1; page === 1 || link !== undefined; page++) {
		if (page > MOST_PAGES) throw stalled(listing, `it has more than ${MOST_PAGES} pages`);
		const here: string | undefined = link;
		const { what, path, deadline, query } = listing;
		const address = here === undefined ? { path, query: query ?? {} } : { path: here };
		const answer = members((await client.call({ what, method: "GET", deadline, ...address })).json);
		const rows = listed(answer["value"], what);
		load.add(rows);
		const fresh = rows.filter(({ id }) => !seen.has(id));
		for (const row of fresh) seen.add(row.id);
		yield fresh;
		link = textOf(answer["@odata.nextLink"]);
		if (link === undefined) return;
		if (link === here || (rows.length > 0 && fresh.length === 0)) {
			throw stalled(
				listing,
				"a page leads back to itself, as it does where many machines share one serial number",
			);
		}
	}
}

function listed(value: unknown, what: string): Row[] {
	if (!Array.isArray(value)) throw new UnreadableAnswer(`${what} failed: the answer is no list`, 200);
	return value.map(members).flatMap((row) => {
		const id = textOf(row["id"]);
		return id === undefined ? [] : [{ ...row, id }];
	});
}

function stalled({ what }: Listing, why: string): UnreadableAnswer {
	return new UnreadableAnswer(`${what} failed: the list does not end: ${why}`, 200);
}
