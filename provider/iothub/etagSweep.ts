import type { Deadline } from "../http/deadline.ts";
import { ServiceError } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import type { Rows } from "../lifecycle/sweep.ts";
import type { Client } from "./client.ts";
import { queryPages } from "./query.ts";

/** How to ask for the etags of a hub's devices. */
export interface EtagListing {
	readonly apiVersion: string;
	readonly deadline: Deadline;
}

/** Two members of a twin are enough; a hub that does not know how to give just these is asked for whole twins. */
const QUERIES = ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"];

/**
 * The etags of all devices of a hub, a thousand with each page of a query. The index behind queries lags some seconds,
 * at times minutes, and goes on listing devices for a while that are gone.
 */
export async function* etagPages(client: Client, listing: EtagListing): AsyncGenerator<Rows<string>> {
	for (const query of QUERIES) {
		if (yield* etagsBy(query, client, listing)) return;
	}
}

/** The pages by one query; whether they told etags. */
async function* etagsBy(
	query: string,
	client: Client,
	{ apiVersion, deadline }: EtagListing,
): AsyncGenerator<Rows<string>, boolean> {
	try {
		for await (const page of queryPages(client, { query, apiVersion, deadline })) {
			const etags = new Map(page.flatMap(etagIn));
			if (page.length > 0 && etags.size === 0) return false;
			yield etags;
		}
		return true;
	} catch (error) {
		if (error instanceof ServiceError && error.status === 400) return false;
		throw error;
	}
}

function etagIn(row: unknown): [string, string][] {
	const { deviceId, deviceEtag } = members(row);
	const [id, etag] = [textOf(deviceId), textOf(deviceEtag)];
	return id === undefined || etag === undefined ? [] : [[id, etag]];
}
