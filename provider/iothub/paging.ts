import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { MemoryBudget } from "../http/memoryBudget.ts";
import type { HubClient } from "./client.ts";

/** A query in IoT Hub's query language, and how to ask it. */
export interface PagedQuery {
	readonly query: string;
	readonly apiVersion: string;
	readonly deadline: Deadline;
}

/** The most rows that we ask for at a time; the service may send fewer. */
export const QUERY_PAGE_SIZE = 1_000;

/** What a query is for, as errors say it. */
const QUERY_OPERATION_NAME = "querying devices";

/** More pages without a row, one after the other, lead nowhere. */
const MAX_EMPTY_PAGES = 100;

/**
 * The pages of a query's answer ("Devices – Query", IoT Hub REST). A page may be empty and not be the last one: only
 * an answer without a continuation is. The index behind it lags some seconds, at times minutes, after the registry.
 */
export async function* queryPages(
	client: HubClient,
	{ query, apiVersion, deadline }: PagedQuery,
): AsyncGenerator<readonly unknown[]> {
	const seenContinuations = new Set<string>();
	const memoryBudget = new MemoryBudget(QUERY_OPERATION_NAME);
	let continuation: string | undefined;
	let emptyPages = 0;
	do {
		const headers = {
			"x-ms-max-item-count": String(QUERY_PAGE_SIZE),
			...(continuation && { "x-ms-continuation": continuation }),
		};
		const request = {
			operationName: QUERY_OPERATION_NAME,
			method: "POST",
			permission: "query",
			path: "/devices/query",
		} as const;
		const response = await client.send({ ...request, apiVersion, deadline, headers, body: { query } });
		if (!Array.isArray(response.json)) throw createPagingError("the answer is no list");
		emptyPages = response.json.length === 0 ? emptyPages + 1 : 0;
		if (emptyPages > MAX_EMPTY_PAGES) {
			throw createPagingError("the service sends empty pages without end");
		}
		memoryBudget.addPage(response.json);
		yield response.json;
		continuation = response.headers["x-ms-continuation"];
		if (continuation !== undefined && seenContinuations.has(continuation)) {
			throw createPagingError("the service sent the same continuation twice");
		}
		if (continuation !== undefined) seenContinuations.add(continuation);
	} while (continuation);
}

function createPagingError(reason: string): UnreadableAnswer {
	return new UnreadableAnswer(`${QUERY_OPERATION_NAME} failed: ${reason}`, 200);
}
