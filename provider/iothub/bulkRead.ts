import { ServiceError } from "../http/errors.ts";
import type { RowsById } from "../resource/bulkReader.ts";
import { asObject, asString } from "../values.ts";
import type { HubOperationContext } from "./operationContext.ts";
import { queryPages } from "./paging.ts";

/** Queries for two members of each twin, and for whole twins in case the hub refuses the first query. */
const ETAG_QUERIES = ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"];

/**
 * Lists the etags of all devices of a hub, a thousand with each page of a query. The index behind queries lags by seconds,
 * sometimes by minutes, and lists deleted devices for a while.
 */
export async function* listEtagPages(context: HubOperationContext): AsyncGenerator<RowsById<string>> {
	for (const query of ETAG_QUERIES) {
		if (yield* listEtagsByQuery(context, query)) return;
	}
}

/** Lists the pages of one query, and returns whether they contained etags. */
async function* listEtagsByQuery(
	context: HubOperationContext,
	query: string,
): AsyncGenerator<RowsById<string>, boolean> {
	try {
		for await (const page of queryPages(context, query)) {
			const etags = new Map(page.flatMap(parseEtagRow));
			if (page.length > 0 && etags.size === 0) return false;
			yield etags;
		}
		return true;
	} catch (error) {
		if (error instanceof ServiceError && error.status === 400) return false;
		throw error;
	}
}

function parseEtagRow(row: unknown): [string, string][] {
	const { deviceId, deviceEtag } = asObject(row);
	const [id, etag] = [asString(deviceId), asString(deviceEtag)];
	return id === undefined || etag === undefined ? [] : [[id, etag]];
}
