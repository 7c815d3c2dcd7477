import { type Call, getHeader } from "../http/call.ts";
import { isObject, type JsonObject } from "../json.ts";
import { createBadRequestError, createMalformedError } from "./graphError.ts";
import { parseODataJson } from "./odataJson.ts";
import type { AutopilotSwitches } from "./switches.ts";

/**
 * Returns the body as an object; throws 400 if it is missing or not declared as JSON.
 *
 * @param parse parses the body. Default: as OData services do
 */
export function readObjectBody(call: Call, parse: (text: string) => unknown = parseODataJson): JsonObject {
	if (call.body.trim() === "") throw createMalformedError("Empty Payload. JSON content expected.");
	if (!/^application\/json\b/i.test(getHeader(call, "content-type") ?? "")) {
		throw createMalformedError(
			"Write requests (excluding DELETE) must contain the Content-Type header declaration application/json.",
		);
	}
	const value = parse(call.body);
	if (isObject(value)) return value;
	throw createMalformedError(
		"Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
	);
}

/** Returns a string member; undefined if it is null or missing, 400 if it is anything else. */
export function readTextMember(body: JsonObject, name: string): string | undefined {
	const value = body[name] ?? undefined;
	if (value === undefined || typeof value === "string") return value;
	throw createMalformedError(
		`Cannot convert a value to target type 'Edm.String' for the property '${name}'.`,
	);
}

/** Rejects members that an entity type does not have. Annotations are allowed everywhere. */
export function requireProperties(
	body: JsonObject,
	names: readonly string[],
	{ type, switches }: { readonly type: string; readonly switches: AutopilotSwitches },
): void {
	const strange = findUnknownMember(body, names, switches);
	if (strange === undefined) return;
	throw createMalformedError(
		`The property '${strange}' does not exist on type 'microsoft.graph.${type}'. Make sure to only use property names that are defined by the type.`,
	);
}

/** Rejects parameters that an action does not have. */
export function requireParameters(
	body: JsonObject,
	names: readonly string[],
	{ action, switches }: { readonly action: string; readonly switches: AutopilotSwitches },
): void {
	const strange = findUnknownMember(body, names, switches);
	if (strange === undefined) return;
	throw createMalformedError(
		`The parameter '${strange}' in the request payload is not a valid parameter for the operation '${action}'.`,
	);
}

function findUnknownMember(
	body: JsonObject,
	names: readonly string[],
	{ unknownProperties }: AutopilotSwitches,
): string | undefined {
	if (unknownProperties === "ignore") return undefined;
	return Object.keys(body).find((key) => !key.includes("@odata.") && !names.includes(key));
}

/** Rejects a group tag that is too long. */
export function requireGroupTag(tag: string, { groupTagLimit }: AutopilotSwitches): void {
	if (tag.length <= groupTagLimit) return;
	throw createBadRequestError(`The group tag must not be longer than ${groupTagLimit} characters`);
}
