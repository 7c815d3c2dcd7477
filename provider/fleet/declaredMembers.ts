import { isObject, type Values } from "../values.ts";

/** What a fleet declares, by the ids of its members. */
export type DeclaredMembers = ReadonlyMap<string, Values>;

/** Reads a fleet's text, a JSON object by id; undefined where it is none. */
export function parseMembers(text: unknown): DeclaredMembers | undefined {
	if (typeof text !== "string") return undefined;
	const value = parseObject(text);
	if (value === undefined) return undefined;
	const entries = Object.entries(value);
	return entries.every((entry): entry is [string, Values] => isObject(entry[1]))
		? new Map(entries)
		: undefined;
}

/** Reads a JSON object; undefined where the text is none. */
export function parseObject(text: string): Values | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** One text for one fleet: members and properties in the order of their names, nothing that is absent. */
export function stringifyMembers(members: Iterable<readonly [string, unknown]>): string {
	return JSON.stringify(
		Object.fromEntries([...members].sort(compareByName).map(([id, member]) => [id, sortProperties(member)])),
	);
}

function sortProperties(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortProperties);
	if (!isObject(value)) return value;
	const present = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
	return Object.fromEntries(
		present.sort(compareByName).map(([name, inner]) => [name, sortProperties(inner)]),
	);
}

function compareByName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
	return one < other ? -1 : one > other ? 1 : 0;
}
