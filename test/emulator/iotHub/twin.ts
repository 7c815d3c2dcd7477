import { isObject as isTree, type JsonObject } from "../json.ts";

/** Properties of one direction with the hub's metadata about them. */
export interface PropertyBag {
	readonly values: JsonObject;
	/** A tree of the same shape whose nodes have `$lastUpdated`. */
	readonly metadata: JsonObject;
	readonly version: number;
}

/** A twin: created and deleted with its identity, with an etag of its own. */
export interface TwinRecord {
	/** 2 right after the creation, as recorded by azure-sdk-for-net DevicesClientTests; the etag's counter is one less. */
	readonly version: number;
	readonly tags: JsonObject | undefined;
	readonly desired: PropertyBag;
	readonly reported: PropertyBag;
}

const NEVER = "0001-01-01T00:00:00Z";
const EMPTY: PropertyBag = { values: {}, metadata: { $lastUpdated: NEVER }, version: 1 };

/** Creates the twin of a new identity, with the tags and desired properties that a bulk create may contain. */
export function createTwin(tags?: JsonObject, desired?: JsonObject): TwinRecord {
	return {
		version: 2,
		tags: tags && omitNulls(tags),
		desired: desired === undefined ? EMPTY : { ...EMPTY, values: omitNulls(omitDollarMembers(desired)) },
		reported: EMPTY,
	};
}

/** The members of a twin request; undefined members are unchanged by a patch and cleared by a replacement. */
export interface TwinChange {
	readonly tags: JsonObject | null | undefined;
	readonly desired: JsonObject | null | undefined;
	readonly reported?: JsonObject | undefined;
}

/** Returns the twin after a merge: null removes a leaf, objects merge, everything else replaces. `at` is an ISO time. */
export function patchTwin(twin: TwinRecord, change: TwinChange, at: string): TwinRecord {
	return {
		version: twin.version + 1,
		tags: change.tags === null ? undefined : change.tags ? merge(twin.tags ?? {}, change.tags) : twin.tags,
		desired: patchBag(twin.desired, change.desired, at),
		reported: patchBag(twin.reported, change.reported, at),
	};
}

/** Returns the twin with its tags and desired properties replaced. `at` is an ISO time. */
export function replaceTwin(twin: TwinRecord, change: TwinChange, at: string): TwinRecord {
	const cleared = { values: {}, metadata: { $lastUpdated: at }, version: twin.desired.version };
	return {
		version: twin.version + 1,
		tags: change.tags ? omitNulls(change.tags) : undefined,
		desired: patchBag(cleared, change.desired ?? {}, at),
		reported: twin.reported,
	};
}

function patchBag(bag: PropertyBag, change: JsonObject | null | undefined, at: string): PropertyBag {
	if (change === undefined) return bag;
	const version = bag.version + 1;
	if (change === null) return { values: {}, metadata: { $lastUpdated: at }, version };
	const clean = omitDollarMembers(change);
	const values = merge(bag.values, clean);
	return { values, metadata: patchMetadata(bag.metadata, clean, { at, version }), version };
}

interface Touch {
	readonly at: string;
	readonly version: number;
}

function patchMetadata(metadata: JsonObject, change: unknown, touch: Touch): JsonObject {
	const mark = { $lastUpdated: touch.at, $lastUpdatedVersion: touch.version };
	if (!isTree(change)) return mark;
	const children = Object.entries(change).map(
		([key, value]) => [key, patchChild(metadata, key, value, touch)] as const,
	);
	const removed = children.filter(([, child]) => child === undefined).map(([key]) => key);
	const kept = Object.entries(metadata).filter(([key]) => !removed.includes(key));
	return Object.fromEntries([
		...kept,
		...Object.entries(mark),
		...children.filter(([, child]) => child !== undefined),
	]);
}

function patchChild(metadata: JsonObject, key: string, value: unknown, touch: Touch): JsonObject | undefined {
	if (value === null) return undefined;
	const before = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
	return patchMetadata(isTree(before) ? before : {}, value, touch);
}

function merge(base: JsonObject, change: JsonObject): JsonObject {
	const merged = new Map(Object.entries(base));
	for (const [key, value] of Object.entries(change)) {
		const before = merged.get(key);
		if (value === null) merged.delete(key);
		else if (!isTree(value)) merged.set(key, value);
		else merged.set(key, merge(isTree(before) ? before : {}, value));
	}
	return Object.fromEntries(merged);
}

function omitNulls(value: JsonObject): JsonObject {
	return merge({}, value);
}

/** Removes `$metadata` and `$version`, which a client sends back as it read them; the hub keeps its own. */
function omitDollarMembers(value: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(value).filter(([key]) => key !== "$metadata" && key !== "$version"),
	);
}
