import { isObject, type JsonObject } from "./json.ts";

/** A value that must be an object, named in the error otherwise. */
export function requireObject(value: unknown, name: string): JsonObject {
	if (isObject(value)) return value;
	throw new TypeError(`${name} must be an object`);
}

/** A member that must be a text. */
export function requireText(holder: JsonObject, name: string): string {
	const value = holder[name];
	if (typeof value === "string") return value;
	throw new TypeError(`${name} must be a string`);
}

/** A member that must be a finite number not below zero, or absent. */
export function readOptionalNumber(holder: JsonObject, name: string): number | undefined {
	const value = holder[name];
	if (value === undefined) return undefined;
	if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
	throw new TypeError(`${name} must be a number not below zero`);
}

/** A member that must be one of a few words, or absent. */
export function readOptionalChoice<const Word extends string>(
	holder: JsonObject,
	name: string,
	words: readonly Word[],
): Word | undefined {
	const value = holder[name];
	if (value === undefined) return undefined;
	const word = words.find((candidate) => candidate === value);
	if (word !== undefined) return word;
	throw new TypeError(`${name} must be one of ${words.join(", ")}`);
}

/** Refuses members that nothing reads, which are misspelt ones as a rule. */
export function requireOnly(holder: JsonObject, names: readonly string[], what: string): void {
	const strange = Object.keys(holder).filter((key) => !names.includes(key));
	if (strange.length > 0)
		throw new TypeError(`${what} has no ${strange.join(", ")}; it has ${names.join(", ")}`);
}
