import type { Deadline } from "../http/deadline.ts";
import { ServiceError } from "../http/errors.ts";
import type { RowsById } from "../resource/bulkReader.ts";
import { asObject, asString } from "../values.ts";
import type { HubClient } from "./client.ts";
import { queryPages } from "./paging.ts";

/** How to ask for the etags of a hub's devices. */
export interface EtagListOptions {
	readonly apiVersion: string;
	readonly deadline: Deadline;
}

/** Two members of a twin are enough; a hub that does not know how to give just these is asked for whole twins. */
const ETAG_QUERIES = ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"];

/**
 * The etags of all devices of a hub, a thousand with each page of a query. The index behind queries lags some seconds,
 * at times minutes, and goes on listing devices for a while that are gone.
 */
export async function* listEtagPages(
	client: HubClient,
	options: EtagListOptions,
): AsyncGenerator<RowsById<string>> {
	for (const query of ETAG_QUERIES) {
		if (yield* listEtagsByQuery(query, client, options)) return;
	}
}

/** The pages by one query; whether they told etags. */
async function* listEtagsByQuery(
	query: string,
	client: HubClient,
	{ apiVersion, deadline }: EtagListOptions,
): AsyncGenerator<RowsById<string>, boolean> {
	try {
		for await (const page of queryPages(client, { query, apiVersion, deadline })) {
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
