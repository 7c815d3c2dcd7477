import { isList, isMap, type PropertyMap, type Value } from "./value.ts";

/** A parsed property path: names and indices; `"*"` matches any. */
export type Path = readonly (string | number)[];

const PART = /^(?:\.?([^.[\]"]+)|\.?\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(\*)\])/u;

/** Parses `a.b[0]["c.d"].*` (sdk/go/common/resource/property_path.go, `ParsePropertyPath`). */
export function parsePath(text: string): Path | undefined {
	const path: (string | number)[] = [];
	for (let rest = text; rest !== ""; ) {
		const match = PART.exec(rest);
		if (match === null) return undefined;
		const [whole, name, index, quoted, star] = match;
		path.push(index === undefined ? (name ?? star ?? quoted?.replace(/\\"/gu, '"') ?? "") : Number(index));
		rest = rest.slice(whole.length);
	}
	return path;
}

/** Returns whether `inner` is at or below `outer`. */
export const containsPath = (outer: Path, inner: Path): boolean =>
	outer.length <= inner.length && outer.every((part, index) => part === "*" || part === inner[index]);

/**
 * Copies the value at the path from `from` to `into`, by which `ignoreChanges` keeps the old value. Returns undefined
 * if only one of them has a part of the path (`PropertyPath.Reset`).
 */
export function resetPath(path: Path, from: PropertyMap, into: PropertyMap): PropertyMap | undefined {
	const result = reset(path, from, into);
	return isMap(result) ? result : undefined;
}

function reset(path: Path, from: Value | undefined, into: Value | undefined): Value | undefined {
	const [part, ...rest] = path;
	if (part === undefined) return from;
	if (isList(into) && isList(from)) return resetList(part, rest, from, into);
	return isMap(into) && isMap(from) ? resetMap(part, rest, from, into) : undefined;
}

function resetMap(
	part: string | number,
	rest: Path,
	from: PropertyMap,
	into: PropertyMap,
): PropertyMap | undefined {
	const names = part === "*" ? Object.keys({ ...from, ...into }) : [String(part)];
	const result: Record<string, Value> = { ...into };
	for (const name of names) {
		const value = rest.length === 0 ? from[name] : reset(rest, from[name], into[name]);
		if (value !== undefined) result[name] = value;
		else if (rest.length > 0 && (name in from || name in into)) return undefined;
		else delete result[name];
	}
	return result;
}

function resetList(
	part: string | number,
	rest: Path,
	from: readonly Value[],
	into: readonly Value[],
): Value | undefined {
	const indices = part === "*" ? [...into.keys()] : [Number(part)];
	const result = [...into];
	for (const index of indices) {
		const value = reset(rest, from[index], into[index]);
		if (value === undefined || index >= into.length) return undefined;
		result[index] = value;
	}
	return result;
}
