import type { Answer } from "../../http/answer.ts";
import type { Call, CallHead } from "../../http/call.ts";
import { isObject, type JsonObject, parseJson } from "../../json.ts";
import type { Requirement, Scheme } from "../access/authorize.ts";
import { createArgumentError, HubError } from "../hubError.ts";
import type { Registry } from "../registry.ts";

/** The kinds of operation that the hub counts apart when it throttles. */
export type Meter = "registry" | "query" | "twinRead" | "twinWrite";

/** A request that is through the door, with what its route needs. */
export interface HubCall {
	readonly call: Call;
	/** The path's ids, decoded. */
	readonly ids: { readonly device: string; readonly module: string };
	/** The api-version, one that the hub knows. */
	readonly version: string;
	readonly scheme: Scheme;
	readonly registry: Registry;
}

/** One operation of the hub. */
export interface Route {
	readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
	/** The path as the REST reference writes it, ids as `{id}` and `{mid}`. */
	readonly path: string;
	readonly requirement: Requirement;
	readonly meter: Meter;
	/** How many operations a request counts as when throttled. Default 1. */
	readonly cost?: (call: Call) => number;
	/** Whether the 2015 preview has it. Default false. */
	readonly in2015?: true;
	readonly handle: (hubCall: HubCall) => Answer;
}

/** A route's name: method and path. */
export function formatHubRoute(route: Route): string {
	return `${route.method} ${route.path}`;
}

/** The routes whose path fits, whatever their method. Literal segments match in any case. */
export function findHubRoutesAt(routes: readonly Route[], head: CallHead): Route[] {
	return routes.filter((route) => fits(route.path.split("/").slice(1), head.segments));
}

/** The segment that stands where the route has a placeholder, percent-decoded; "" where the route has none. */
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

/** The body as an object; nothing, `null` and text that is no JSON are 400 ArgumentNull, an array 400 ArgumentInvalid. */
export function requireObjectBody(call: Call): JsonObject {
	const value = readJsonBody(call);
	if (!isObject(value)) throw createArgumentError("The request body must be a JSON object");
	return value;
}

/** The body as an array of objects; a null item is refused like a null body. */
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
