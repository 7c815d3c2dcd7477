import { type Looped, type LoopOptions, type Plain, sendInLoop } from "./loop.ts";

/** Items of a bulk call, the most that it takes. */
const CHUNK = 100;

/** Devices' whole life: created, changed under the etag that the first answer told, deleted under the next. */
export type Way = (ids: readonly string[], options: LoopOptions) => Promise<WayFigures>;

/** What the three steps took, in seconds, and how many answers were 429. */
export interface WayFigures {
	readonly create: number;
	readonly update: number;
	readonly remove: number;
	readonly refused: number;
}

/** A request for each device and step: every answer has the device's etag and generation. */
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
 * A request for each hundred devices and step, whose answers tell no etags. They are collected exactly, and as cheaply as
 * that goes: with the generation only the registry has them, without it a twin does too. A query would lag.
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
	throw new TypeError(`An answer has no ${name}`);
}

/** What is left out of a write the hub makes anew, so the keys go along. */
function authenticationIn(body: unknown): unknown {
	return (body as { readonly authentication?: unknown }).authentication;
}
