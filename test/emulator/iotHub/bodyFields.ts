import { getMember, isObject, type JsonObject } from "../json.ts";
import { createArgumentError } from "./hubError.ts";

/** Returns a string member; undefined if it is null or missing, 400 if it is anything else. */
export function readTextField(body: JsonObject, name: string): string | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && typeof value !== "string") throw createArgumentError(`${name} must be a string`);
	return value;
}

/** Returns an object member; undefined if it is null or missing, 400 if it is anything else. */
export function readObjectField(body: JsonObject, name: string): JsonObject | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && !isObject(value)) throw createArgumentError(`${name} must be an object`);
	return value;
}

/** Returns a boolean member; undefined if it is null or missing, 400 if it is anything else. */
export function readBooleanField(body: JsonObject, name: string): boolean | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value !== undefined && typeof value !== "boolean")
		throw createArgumentError(`${name} must be true or false`);
	return value;
}

/** Returns a member that is a list of strings, without blank ones; undefined if it is missing. */
export function readTextsField(body: JsonObject, name: string): readonly string[] | undefined {
	const value = getMember(body, name) ?? undefined;
	if (value === undefined) return undefined;
	const isTexts = Array.isArray(value) && value.every((entry) => typeof entry === "string");
	if (!isTexts) throw createArgumentError(`${name} must be an array of strings`);
	return (value as string[]).filter((entry) => entry.trim() !== "");
}

/** Returns a member that is one of the given values in any case; undefined if it is missing. */
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
