import type { Call } from "../../http/call.ts";
import { isObject, type JsonObject, parseJson } from "../../json.ts";
import { argumentInvalid, HubError } from "../hubError.ts";

/** The body as an object; nothing, `null` and text that is no JSON are 400 ArgumentNull, an array 400 ArgumentInvalid. */
export function objectBody(call: Call): JsonObject {
	const value = jsonBody(call);
	if (!isObject(value)) throw argumentInvalid("The request body must be a JSON object");
	return value;
}

/** The body as an array of objects; a null item is refused like a null body. */
export function arrayBody(call: Call): JsonObject[] {
	const value = jsonBody(call);
	if (!Array.isArray(value)) throw argumentInvalid("The request body must be a JSON array");
	if (value.some((item) => item === null)) throw badRequest();
	if (!value.every(isObject)) throw argumentInvalid("Every item must be a JSON object");
	return value;
}

function jsonBody(call: Call): unknown {
	const value = parseJson(call.body);
	if (value === undefined || value === null) throw badRequest();
	return value;
}

function badRequest(): HubError {
	return new HubError("ArgumentNull", "BadRequest");
}
