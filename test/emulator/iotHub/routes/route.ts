import type { Answer } from "../../http/answer.ts";
import type { Call } from "../../http/call.ts";
import type { Scheme } from "../access/authorize.ts";
import type { Requirement } from "../access/requirement.ts";
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
export function routeName(route: Route): string {
	return `${route.method} ${route.path}`;
}
