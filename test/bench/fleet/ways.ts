import { type Looped, type LoopOptions, type Plain, sendInLoop } from "./loop.ts";

/** The most items of a bulk call. */
const CHUNK = 100;

/** A way to create devices, update them under the etag of the first response and delete them under the etag of the second. */
export type Way = (ids: readonly string[], options: LoopOptions) => Promise<WayFigures>;

/** The times of the three steps in seconds, and the number of 429 responses. */
export interface WayFigures {
	readonly create: number;
	readonly update: number;
	readonly remove: number;
	readonly refused: number;
}

/** Sends a request for each device and step. Every response has the etag and the generation of the device. */
export const writeSingly: Way = async (ids, options) => {
	const created = await sendInLoop(
		ids.map((id) => put(id, "enabled")),
		options,
	);
	const changes = ids.map((id, at) => ({
		...put(id, "disabled", authenticationIn(created.bodies[at])),
		ifMatch: quoted(created.bodies[at]),
	}));
	const updated = await sendInLoop(changes, options);
	const deletions = ids.map((id, at): Plain => {
		return { method: "DELETE", path: `/devices/${id}`, ifMatch: quoted(updated.bodies[at]) };
	});
	return figures([created], [updated], [await sendInLoop(deletions, options)]);
};

/**
 * Sends a request for each hundred devices and step. The responses have no etags, so these are read exactly and as cheaply as
 * possible: from the registry together with the generation, or from the twin without it. A query would lag.
 */
export const writeInBulk: Way = async (ids, options) => {
	const created = await sendInLoop(
		chunks(ids.map((id) => ({ id, importMode: "create", status: "enabled" }))),
		options,
	);
	const read = await sendInLoop(
		ids.map((id): Plain => ({ method: "GET", path: `/devices/${id}` })),
		options,
	);
	const changes = ids.map((id, at) => ({
		...{ id, importMode: "updateIfMatchETag", eTag: textIn(read.bodies[at], "etag"), status: "disabled" },
		authentication: authenticationIn(read.bodies[at]),
	}));
	const updated = await sendInLoop(chunks(changes), options);
	const looked = await sendInLoop(
		ids.map((id): Plain => ({ method: "GET", path: `/twins/${id}` })),
		options,
	);
	const deletions = ids.map((id, at) => {
		return { id, importMode: "deleteIfMatchETag", eTag: textIn(looked.bodies[at], "deviceEtag") };
	});
	return figures([created, read], [updated, looked], [await sendInLoop(chunks(deletions), options)]);
};

function figures(created: Looped[], updated: Looped[], removed: Looped[]): WayFigures {
	const seconds = (looped: Looped[]) => looped.reduce((sum, each) => sum + each.seconds, 0);
	const refused = [...created, ...updated, ...removed].reduce((sum, each) => sum + each.refused, 0);
	return { create: seconds(created), update: seconds(updated), remove: seconds(removed), refused };
}

function put(deviceId: string, status: string, authentication?: unknown): Plain {
	return { method: "PUT", path: `/devices/${deviceId}`, body: { deviceId, status, authentication } };
}

function chunks(items: readonly object[]): Plain[] {
	return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, at) => {
		return { method: "POST", path: "/devices", body: items.slice(at * CHUNK, (at + 1) * CHUNK) };
	});
}

function quoted(device: unknown): string {
	return `"${textIn(device, "etag")}"`;
}

function textIn(body: unknown, name: string): string {
	const value = (body as Readonly<Record<string, unknown>>)[name];
	if (typeof value === "string") return value;
	throw new TypeError(`A response has no ${name}`);
}

/** Returns the authentication for the next write: the hub would replace keys that a write leaves out. */
function authenticationIn(body: unknown): unknown {
	return (body as { readonly authentication?: unknown }).authentication;
}
