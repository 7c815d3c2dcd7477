import { type Answer, createJsonAnswer } from "../../http/answer.ts";
import type { Call } from "../../http/call.ts";
import type { Autopilot } from "../autopilot.ts";
import type { Page } from "../pages.ts";
import type { AutopilotSwitches } from "../switches.ts";

/** An authorized request with the data that its route needs. */
export interface GraphAsk {
	readonly call: Call;
	readonly version: Version;
	/** The path's keys; "" for a key that it does not have. */
	readonly keys: { readonly id: string; readonly upload: string };
	readonly autopilot: Autopilot;
	/** Virtual milliseconds since 1970; all actions due by then have run. */
	readonly now: number;
	/** The origin under which clients reach the service. */
	readonly origin: string;
}

/** One operation of the service. */
export interface GraphRoute {
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** The path after the version as the reference writes it, keys as `{id}` and `{upload}`. */
	readonly path: string;
	/** Default both. */
	readonly version?: Version;
	/** Whether the route exists under these switches. Default: always. */
	readonly exists?: (switches: AutopilotSwitches) => boolean;
	/** Default: GET reads, anything else writes. */
	readonly access?: "read" | "write";
	/** Roles that may use it besides those of its access. */
	readonly alsoFor?: readonly string[];
	readonly handle: (ask: GraphAsk) => Answer;
}

/** Returns a route's name: method and path. */
export function formatGraphRoute({ method, path }: GraphRoute): string {
	return `${method} ${path}`;
}

/** Returns the address of the metadata that describes a response. */
export function formatContextUrl({ origin, version }: GraphAsk, fragment: string): string {
	return `${origin}/${version}/$metadata#${fragment}`;
}

/** Creates a response with one entity. */
export function createEntityAnswer(ask: GraphAsk, status: number, entity: object, set: string): Answer {
	return createJsonAnswer(status, { "@odata.context": formatContextUrl(ask, `${set}/$entity`), ...entity });
}

/** Creates a response with a page of entities. */
export function createPageAnswer(ask: GraphAsk, { rows, next }: Page<object>, part: PagePart): Answer {
	const { call, origin } = ask;
	return createJsonAnswer(200, {
		"@odata.context": formatContextUrl(ask, part.set),
		...(part.count !== undefined && { "@odata.count": part.count }),
		...(next && { "@odata.nextLink": `${origin}${call.path}?${queryText(next)}` }),
		value: rows,
	});
}

/** The members of a page response besides its rows. */
export interface PagePart {
	/** The set's path in the metadata. */
	readonly set: string;
	/** The number of all rows, if it is returned. */
	readonly count?: number | undefined;
}

/** Formats the query as Graph does: names of options keep their `$`. */
function queryText(query: URLSearchParams): string {
	return [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The versions of the API. */
export type Version = "v1.0" | "beta";

/** Both versions. */
export const VERSIONS: readonly Version[] = ["v1.0", "beta"];

/** A request's path, parsed by OData's rules. */
export interface GraphPath {
	/** undefined for an unknown version. */
	readonly version: Version | undefined;
	/** The decoded segments after the version; a key such as `devices('a')` is a segment of its own, as in `devices/a`. */
	readonly segments: readonly string[];
}

/** Reads a path; returns undefined if its percent-encoding is broken. */
export function readGraphPath(segments: readonly string[]): GraphPath | undefined {
	try {
		const [first = "", ...rest] = segments.map((segment) => decodeURIComponent(segment));
		const version = VERSIONS.find((candidate) => candidate === first.toLowerCase());
		return { version, segments: rest.flatMap(withKeyApart).map(removeQualifier) };
	} catch {
		return undefined;
	}
}

function withKeyApart(segment: string): string[] {
	const [, name, quoted, bare] = /^([^()]+)\((?:'(.*)'|([^'()]+))\)$/.exec(segment) ?? [];
	if (name === undefined) return [segment];
	return [name, (quoted ?? bare ?? "").replaceAll("''", "'")];
}

/** Removes the namespace of an action. */
function removeQualifier(segment: string): string {
	return segment.replace(/^microsoft\.graph\./i, "");
}
