import { getMember, isObject, type JsonObject } from "../json.ts";
import { createArgumentError } from "./hubError.ts";

/** A member that is text or absent; null counts as absent, anything else is answered 400. */
export function readTextField(body: JsonObject, name: string): string | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && typeof value !== "string") throw createArgumentError(`${name} must be a string`);
	return value;
}

/** A member that is an object or absent; null counts as absent, anything else is answered 400. */
export function readObjectField(body: JsonObject, name: string): JsonObject | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && !isObject(value)) throw createArgumentError(`${name} must be an object`);
	return value;
}

/** A member that is true, false or absent; null counts as absent, anything else is answered 400. */
export function readBooleanField(body: JsonObject, name: string): boolean | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && typeof value !== "boolean")
		throw createArgumentError(`${name} must be true or false`);
	return value;
}

/** A member that is a list of texts or absent; blank entries do not count. */
export function readTextsField(body: JsonObject, name: string): readonly string[] | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value === undefined) return undefined;
	const isTexts = Array.isArray(value) && value.every((entry) => typeof entry === "string");
	if (!isTexts) throw createArgumentError(`${name} must be an array of strings`);
	return (value as string[]).filter((entry) => entry.trim() !== "");
}

/** A member that is one of the given words, whatever the case of its letters, or absent. */
export function readChoiceField<const Word extends string>(
	body: JsonObject,
	name: string,
	words: readonly Word[],
): Word | undefined {
	const text = readTextField(body, name);
	if (text === undefined) return undefined;
	const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
	if (word === undefined) throw createArgumentError(`${name} must be one of ${words.join(", ")}: '${text}'`);
	return word;
}
