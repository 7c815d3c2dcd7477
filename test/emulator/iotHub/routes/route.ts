import type { Answer } from "../../http/answer.ts";
import type { Call, CallHead } from "../../http/call.ts";
import { isObject, type JsonObject, parseJson } from "../../json.ts";
import type { Requirement, Scheme } from "../access/authorize.ts";
import { createArgumentError, HubError } from "../hubError.ts";
import type { Registry } from "../registry.ts";

/** The kinds of operation that the hub throttles separately. */
export type Meter = "registry" | "query" | "twinRead" | "twinWrite";

/** An authorized request with the data that its route needs. */
export interface HubCall {
	readonly call: Call;
	/** The decoded ids of the path. */
	readonly ids: { readonly device: string; readonly module: string };
	/** The api-version, which the hub supports. */
	readonly version: string;
	readonly scheme: Scheme;
	readonly registry: Registry;
}

/** One operation of the hub. */
export interface Route {
	readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
	/** The path in the REST reference, with `{id}` and `{mid}` for ids. */
	readonly path: string;
	readonly requirement: Requirement;
	readonly meter: Meter;
	/** How many operations the throttle counts for a request. Default: 1. */
	readonly cost?: (call: Call) => number;
	/** Whether the 2015 preview has it. Default: false. */
	readonly in2015?: true;
	readonly handle: (hubCall: HubCall) => Answer;
}

/** Returns a route's name: method and path. */
export function formatHubRoute(route: Route): string {
	return `${route.method} ${route.path}`;
}

/** Returns the routes whose path matches, whatever their method. Literal segments match in any case. */
export function findHubRoutesAt(routes: readonly Route[], head: CallHead): Route[] {
	return routes.filter((route) => fits(route.path.split("/").slice(1), head.segments));
}

/** Returns the percent-decoded segment in place of the route's placeholder; "" if the route has none. */
export function readPathId(route: Route, head: CallHead, placeholder: "{id}" | "{mid}"): string {
	const at = route.path.split("/").slice(1).indexOf(placeholder);
	return at < 0 ? "" : decodeURIComponent(head.segments[at] ?? "");
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
	if (pattern.length !== segments.length) return false;
	return pattern.every((part, at) => {
		const segment = segments[at] ?? "";
		return part.startsWith("{") ? segment !== "" : part.toLowerCase() === segment.toLowerCase();
	});
}

/**
 * Returns the body as an object; throws 400 ArgumentNull for no body, `null` and invalid JSON, 400 ArgumentInvalid for
 * an array.
 */
export function requireObjectBody(call: Call): JsonObject {
	const value = readJsonBody(call);
	if (!isObject(value)) throw createArgumentError("The request body must be a JSON object");
	return value;
}

/** Returns the body as an array of objects; a null item is rejected like a null body. */
export function requireArrayBody(call: Call): JsonObject[] {
	const value = readJsonBody(call);
	if (!Array.isArray(value)) throw createArgumentError("The request body must be a JSON array");
	if (value.some((item) => item === null)) throw createBadRequest();
	if (!value.every(isObject)) throw createArgumentError("Every item must be a JSON object");
	return value;
}

function readJsonBody(call: Call): unknown {
	const value = parseJson(call.body);
	if (value === undefined || value === null) throw createBadRequest();
	return value;
}

function createBadRequest(): HubError {
	return new HubError("ArgumentNull", "BadRequest");
}
