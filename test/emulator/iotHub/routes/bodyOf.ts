import type { Call } from "../../http/call.ts";
import { isObject, type JsonObject, parseJson } from "../../json.ts";
import { createArgumentError, HubError } from "../hubError.ts";

/** The body as an object; nothing, `null` and text that is no JSON are 400 ArgumentNull, an array 400 ArgumentInvalid. */
export function requireObjectBody(call: Call): JsonObject {
	const value = jsonBody(call);
	if (!isObject(value)) throw createArgumentError("The request body must be a JSON object");
	return value;
}

/** The body as an array of objects; a null item is refused like a null body. */
export function requireArrayBody(call: Call): JsonObject[] {
	const value = jsonBody(call);
	if (!Array.isArray(value)) throw createArgumentError("The request body must be a JSON array");
	if (value.some((item) => item === null)) throw createBadRequest();
	if (!value.every(isObject)) throw createArgumentError("Every item must be a JSON object");
	return value;
}

function jsonBody(call: Call): unknown {
	const value = parseJson(call.body);
	if (value === undefined || value === null) throw createBadRequest();
	return value;
}

function createBadRequest(): HubError {
	return new HubError("ArgumentNull", "BadRequest");
}
