/** A path to a property or to a part of it: names of members and positions in lists. The name `*` stands for any of them. */
export type PropertyPath = readonly (string | number)[];

/** The name in a path that stands for any name or position. */
export const ANY_NAME = "*";

/**
 * Parses a path as Pulumi's engine does: `status`, `capabilities.iotEdge`, `devices["a.b"].status`, `parentScopes[0]`, `devices[*]`
 * (pulumi/pulumi `sdk/go/common/resource/properties_path.go`, `ParsePropertyPath`).
 *
 * @returns undefined for a text that is not a path; the engine ignores such a text without a message
 */
export function parsePropertyPath(text: string): PropertyPath | undefined {
	if (text === "" || text.startsWith(".")) return undefined;
	const path: (string | number)[] = [];
	let rest = text;
	while (rest !== "") {
		const match = PATH_PART.exec(rest);
		if (match === null) return undefined;
		const [whole, quotedName, index, any, name] = match;
		if (index !== undefined) path.push(Number(index));
		else path.push(quotedName?.replaceAll('\\"', '"') ?? any ?? name ?? "");
		rest = rest.slice(whole.length);
	}
	return path;
}

/** Matches the first part of a path: a name in quotes, a position or `*` in brackets, or a name up to the next dot or bracket. */
const PATH_PART = /^\.?(?:\["((?:\\"|[^"])*)"\]|\[(\d+)\]|\[(\*)\]|([^.[]+))/s;

/** Encodes paths as one canonical string, without duplicates and in an order that does not depend on the program's. */
export function encodePropertyPaths(paths: readonly PropertyPath[]): string {
	const texts = new Set(paths.map((path) => JSON.stringify(path)));
	return `[${[...texts].sort().join(",")}]`;
}

/** Decodes the string of {@link encodePropertyPaths}; any other value counts as no paths. */
export function decodePropertyPaths(text: unknown): readonly PropertyPath[] {
	if (typeof text !== "string") return [];
	const paths: unknown = JSON.parse(text);
	return Array.isArray(paths) ? paths.filter(isPropertyPath) : [];
}

function isPropertyPath(value: unknown): value is PropertyPath {
	return Array.isArray(value) && value.every((part) => typeof part === "string" || typeof part === "number");
}

/** Whether a path names the value at `names`, or something that contains it. */
export function containsNames(path: PropertyPath, names: readonly string[]): boolean {
	return path.length <= names.length && matchesNames(path, names);
}

/** Whether a path names, without `*`, the value at `names` and something inside it. */
export function isInsideNames(path: PropertyPath, names: readonly string[]): boolean {
	return path.length > names.length && names.every((name, index) => name === path[index]);
}

function matchesNames(path: PropertyPath, names: readonly string[]): boolean {
	return path.every((part, index) => part === ANY_NAME || part === names[index]);
}
