import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { Load } from "../http/load.ts";
import type { Client } from "./client.ts";

/** A query in IoT Hub's query language, and how to ask it. */
export interface Query {
	readonly query: string;
	readonly apiVersion: string;
	readonly deadline: Deadline;
}

/** The most rows that we ask for at a time; the service may send fewer. */
export const PAGE_SIZE = 1_000;

/** What a query is for, as errors say it. */
const WHAT = "querying devices";

/** More pages without a row, one after the other, lead nowhere. */
const MOST_EMPTY = 100;

/**
 * The pages of a query's answer ("Devices – Query", IoT Hub REST). A page may be empty and not be the last one: only
 * an answer without a continuation is. The index behind it lags some seconds, at times minutes, after the registry.
 */
export async function* queryPages(
	client: Client,
	{ query, apiVersion, deadline }: Query,
): AsyncGenerator<readonly unknown[]> {
	const seen = new Set<string>();
	const load = new Load(WHAT);
	let continuation: string | undefined;
	let empty = 0;
	do {
		const headers = {
			"x-ms-max-item-count": String(PAGE_SIZE),
			...(continuation && { "x-ms-continuation": continuation }),
		};
		const call = {
			what: WHAT,
			method: "POST",
			access: "query",
			path: "/devices/query",
		} as const;
		const answer = await client.call({ ...call, apiVersion, deadline, headers, body: { query } });
		if (!Array.isArray(answer.json)) throw unreadable("the answer is no list");
		empty = answer.json.length === 0 ? empty + 1 : 0;
		if (empty > MOST_EMPTY) {
			throw unreadable("the service sends empty pages without end");
		}
		load.add(answer.json);
		yield answer.json;
		continuation = answer.headers["x-ms-continuation"];
		if (continuation !== undefined && seen.has(continuation)) {
			throw unreadable("the service sent the same continuation twice");
		}
		if (continuation !== undefined) seen.add(continuation);
	} while (continuation);
}

function unreadable(why: string): UnreadableAnswer {
	return new UnreadableAnswer(`${WHAT} failed: ${why}`, 200);
}
