import { isList, isMap, mapEntries, type PropertyMap, Secret, type Value } from "./value.ts";

/** A parsed property path: names and indices; `"*"` matches any. */
export type Path = readonly (string | number)[];

const PART = /^(?:\.?\["((?:\\"|[^"])*)"\]|\.?\[(\d+)\]|\.?\[(\*)\]|\.?([^.[]+))/su;

/** Parses `a.b[0]["c.d"].*` (sdk/go/common/resource/properties_path.go, `ParsePropertyPath`). */
export function parsePath(text: string): Path | undefined {
	if (text.startsWith(".")) return undefined;
	const path: (string | number)[] = [];
	for (let rest = text; rest !== ""; ) {
		const match = PART.exec(rest);
		if (match === null) return undefined;
		const [whole, quoted, index, star, name] = match;
		path.push(index === undefined ? (quoted?.replace(/\\"/gu, '"') ?? star ?? name ?? "") : Number(index));
		rest = rest.slice(whole.length);
	}
	return path;
}

/** Returns whether `inner` is at or below `outer`. */
export const containsPath = (outer: Path, inner: Path): boolean =>
	outer.length <= inner.length && outer.every((part, index) => part === "*" || part === inner[index]);

/** The inputs after a reset, and whether the engine could follow the path. */
export interface Reset {
	readonly inputs: PropertyMap;
	readonly ok: boolean;
}

/**
 * Copies the value at the path from `from` to `into`, by which `ignoreChanges` keeps the old value. A path that fails halfway leaves
 * behind what it did (sdk/go/common/resource/properties_path.go, `PropertyPath.Reset`).
 */
export function resetPath(path: Path, from: PropertyMap, into: PropertyMap): Reset {
	const { value, ok } = resetValue(path, { value: from, secret: false }, { value: into, secret: false });
	return { inputs: isMap(value) ? value : into, ok };
}

/** A value on the way down a path, and whether a secret contains it. */
interface Place {
	readonly value: Value | undefined;
	readonly secret: boolean;
}

interface ResetPlace {
	readonly value: Value | undefined;
	readonly ok: boolean;
}

function resetValue(path: Path, from: Place, into: Place): ResetPlace {
	if (into.value instanceof Secret) {
		const inner = resetValue(path, from, { value: into.value.value, secret: true });
		return { ok: inner.ok, value: new Secret(inner.value ?? null) };
	}
	if (from.value instanceof Secret) return resetValue(path, { value: from.value.value, secret: true }, into);
	const [part, ...rest] = path;
	if (part === undefined) return { value: into.value, ok: false };
	if (typeof part === "number") return resetIndex([part, ...rest], from, into);
	return part === "*" ? resetAll(rest, from, into) : resetName([part, ...rest], from, into);
}

/** Returns the old value as it stands in the new one: secret if it was one and what is around it is none. */
const carry = (value: Value, from: Place, into: Place): Value =>
	from.secret && !into.secret ? new Secret(value) : value;

function resetName([part, ...rest]: readonly [string, ...Path], from: Place, into: Place): ResetPlace {
	const old = isMap(from.value) ? from.value[part] : undefined;
	if (rest.length === 0) {
		if (!isMap(into.value)) return { value: into.value, ok: old === undefined };
		const { [part]: _, ...others } = into.value;
		return {
			value: old === undefined ? others : { ...into.value, [part]: carry(old, from, into) },
			ok: true,
		};
	}
	if (!isMap(from.value) || !isMap(into.value))
		return { value: into.value, ok: !isMap(from.value) && !isMap(into.value) };
	const fresh = into.value[part];
	if (fresh === undefined) return { value: into.value, ok: old === undefined };
	const inner = resetValue(rest, { ...from, value: old }, { ...into, value: fresh });
	return { value: { ...into.value, [part]: inner.value ?? null }, ok: inner.ok };
}

function resetIndex([index, ...rest]: readonly [number, ...Path], from: Place, into: Place): ResetPlace {
	const [olds, news] = [from.value, into.value];
	if (!isList(olds) || !isList(news)) return { value: news, ok: !isList(olds) && !isList(news) };
	const [old, fresh] = [olds[index], news[index]];
	if (old === undefined || fresh === undefined)
		return { value: news, ok: rest.length === 0 && old === undefined && fresh === undefined };
	const inner: ResetPlace =
		rest.length === 0
			? { value: carry(old, from, into), ok: true }
			: resetValue(rest, { ...from, value: old }, { ...into, value: fresh });
	return { value: news.with(index, inner.value ?? null), ok: inner.ok };
}

function resetAll(rest: Path, from: Place, into: Place): ResetPlace {
	const [olds, news] = [from.value, into.value];
	if (isMap(news) && isMap(olds)) {
		if (rest.length === 0) return { value: mapEntries(olds, (old) => carry(old, from, into)), ok: true };
		// The engine stops at the first failure, in random order; its names here are in theirs.
		let result: ResetPlace = { value: news, ok: true };
		for (const name of Object.keys(olds)) {
			if (!result.ok || news[name] === undefined) return { ...result, ok: false };
			result = resetName([name, ...rest], from, { ...into, value: result.value });
		}
		return result;
	}
	if (isList(news) && isList(olds)) {
		let result: ResetPlace = { value: news, ok: true };
		for (const index of olds.keys()) {
			if (index >= news.length) break;
			result = resetIndex([index, ...rest], from, { ...into, value: result.value });
			if (!result.ok) return result;
		}
		return { ...result, ok: olds.length === news.length };
	}
	return { value: news, ok: rest.length === 0 && (isMap(news) || isList(news)) };
}
