import type { Values } from "../lifecycle/kind.ts";
import { isObject } from "../lifecycle/plain.ts";

/** What a fleet declares, by the ids of its members. */
export type Members = ReadonlyMap<string, Values>;

/** Reads a fleet's text, a JSON object by id; undefined where it is none. */
export function membersIn(text: unknown): Members | undefined {
	if (typeof text !== "string") return undefined;
	const value = objectIn(text);
	if (value === undefined) return undefined;
	const entries = Object.entries(value);
	return entries.every((entry): entry is [string, Values] => isObject(entry[1]))
		? new Map(entries)
		: undefined;
}

/** Reads a JSON object; undefined where the text is none. */
export function objectIn(text: string): Values | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** One text for one fleet: members and properties in the order of their names, nothing that is absent. */
export function textOf(members: Iterable<readonly [string, unknown]>): string {
	return JSON.stringify(
		Object.fromEntries([...members].sort(byName).map(([id, member]) => [id, sorted(member)])),
	);
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (!isObject(value)) return value;
	const present = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
	return Object.fromEntries(present.sort(byName).map(([name, inner]) => [name, sorted(inner)]));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
	return one < other ? -1 : one > other ? 1 : 0;
}
