import { UnreadableAnswer } from "../http/errors.ts";
import { MemoryBudget } from "../http/memoryBudget.ts";
import { ConfigurationError } from "../settings/reader.ts";
import type { DeviceCodec } from "./deviceIdentity.wire.ts";
import type { HubOperationContext } from "./operationContext.ts";

/** How many rows a request asks for; the service may return fewer. */
export const QUERY_PAGE_SIZE = 1_000;

const QUERY_OPERATION_NAME = "querying devices";

/** Maximum number of empty pages in a row. A query with more of them fails. */
const MAX_EMPTY_PAGES = 100;

/**
 * Returns the pages of a query ("Devices – Query", IoT Hub REST). An empty page may be followed by others: the last page is
 * the one without a continuation. The index behind queries lags behind the registry by seconds, sometimes by minutes.
 *
 * @param query in IoT Hub's query language
 */
export async function* queryPages(
	{ client, codec: { apiVersion }, deadline }: HubOperationContext,
	query: string,
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
		if (!Array.isArray(response.json)) throw createPagingError("the response is not a list");
		emptyPages = response.json.length === 0 ? emptyPages + 1 : 0;
		if (emptyPages > MAX_EMPTY_PAGES) {
			throw createPagingError(`the service sent more than ${MAX_EMPTY_PAGES} empty pages in a row`);
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

/** Throws a ConfigurationError if the configured api-version has no queries. */
export function requireQueries({ apiVersion, hasTwins }: DeviceCodec): void {
	if (hasTwins) return;
	throw new ConfigurationError(
		"iothub:apiVersion",
		`is ${apiVersion}, which does not support queries; set it to 2021-04-12`,
	);
}

function createPagingError(reason: string): UnreadableAnswer {
	return new UnreadableAnswer(`${QUERY_OPERATION_NAME} failed: ${reason}`, 200);
}
