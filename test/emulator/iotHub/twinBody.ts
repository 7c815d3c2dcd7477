import { isObject, type JsonObject, getMember } from "../json.ts";
import { readObjectField } from "./bodyFields.ts";
import { createArgumentError } from "./hubError.ts";
import type { TwinChange } from "./twin.ts";

/** How deep tags and desired properties may nest. */
const DEEPEST = 10;

/** Reads tags and desired properties of a twin request, or of a bulk item; everything else in it is ignored. */
export function readTwin(body: JsonObject): TwinChange {
	const properties = readObjectField(body, "properties") ?? {};
	return { tags: tree(body, "tags"), desired: tree(properties, "desired") };
}

function tree(holder: JsonObject, name: string): JsonObject | null | undefined {
	const value = getMember(holder, name);
	if (value === undefined || value === null) return value;
	if (!isObject(value)) throw createArgumentError(`${name} must be an object`);
	const entries = Object.entries(value).filter(([key]) => key !== "$metadata" && key !== "$version");
	requireKeys(Object.fromEntries(entries), name, 1);
	return value;
}

/** Keys must not hold a dot, a dollar, a space or a control character (IoT Hub REST 2021-04-12, "Twin Properties"). */
function requireKeys(value: JsonObject, name: string, depth: number): void {
	if (depth > DEEPEST) throw createArgumentError(`${name} must not be nested deeper than ${DEEPEST} levels`);
	for (const [key, child] of Object.entries(value)) {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: the reference forbids control characters
		if (/[.$ \u0000-\u001f\u0080-\u009f]/.test(key))
			throw createArgumentError(`${name} has an invalid key: '${key}'`);
		if (isObject(child)) requireKeys(child, name, depth + 1);
	}
}
