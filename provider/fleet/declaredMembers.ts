import { sortNaturally } from "../text/naturalOrder.ts";
import { isObject, type Values } from "../values.ts";

/** The inputs that a fleet declares for its members, by their names. */
export type DeclaredMembers = ReadonlyMap<string, Values>;

/** A fleet as the program declares it. */
export interface DeclaredFleet {
	/** The fleet's own inputs. */
	readonly fleetInputs: Values;
	readonly declaredMembers: DeclaredMembers;
}

/**
 * Parses a string of members: one JSON object with all of them by name, or the lines of {@link formatDeclaration};
 * undefined if it is neither.
 */
export function parseMembers(text: unknown): DeclaredMembers | undefined {
	if (typeof text !== "string") return undefined;
	// A line break inside a JSON string is escaped, so this one can only be between two lines.
	const value = parseObject(text.replaceAll("}\n{", ","));
	if (value === undefined) return undefined;
	const entries = Object.entries(value);
	return entries.every((entry): entry is [string, Values] => isObject(entry[1]))
		? new Map(entries)
		: undefined;
}

function parseObject(text: string): Values | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Returns the canonical JSON string for these members: members and properties are sorted by name, without null and undefined. */
export function stringifyMembers(members: Iterable<readonly [string, unknown]>): string {
	return JSON.stringify(
		Object.fromEntries(
			[...members].sort(compareByName).map(([memberName, member]) => [memberName, sortProperties(member)]),
		),
	);
}

/**
 * Returns the string that Pulumi keeps as the declaration of these members: a line of JSON for each, `{"dev-1":{}}`, in
 * natural order of their names. For a changed JSON object, Pulumi's display shows every member; for a string with several lines,
 * it shows only the lines that differ, with two lines of context.
 */
export function formatDeclaration(members: Iterable<readonly [string, unknown]>): string {
	const membersByName = new Map(members);
	const lines = sortNaturally(membersByName.keys()).map(
		(memberName) =>
			`{${JSON.stringify(memberName)}:${JSON.stringify(sortProperties(membersByName.get(memberName)))}}`,
	);
	return lines.length === 0 ? "{}" : lines.join("\n");
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
