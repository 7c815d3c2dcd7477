import type { Operation } from "../control/operation.ts";
import type { CallHead } from "../http/call.ts";

/** Selects requests: every given member must match; without members all requests match. */
export interface RequestMatch {
	/** "iotHub", "graph" or "entra". */
	readonly service?: string;
	readonly method?: string;
	/** A regular expression that must match part of the path, as sent. */
	readonly path?: string;
	/** A route's name such as `PUT /devices/{id}`, or its path alone. */
	readonly route?: string;
	readonly apiVersion?: string;
}

/** Before the service handles the request, so that it has no effect, or after it, so that it has. */
export type Moment = "before" | "after";

/**
 * The header Retry-After (RFC 9110 section 10.2.3): seconds, a date that is so many seconds ahead of the service's clock (negative: in
 * the past), or any text as it is.
 */
export type RetryAfter = number | string | { readonly dateIn: number };

/** What goes wrong. */
export type FaultAction =
	/** Closes the connection before the body is read. */
	| { readonly kind: "refuse" }
	/** Closes the connection without a response. After handling, only the response is lost. Default: "before". */
	| { readonly kind: "reset"; readonly when?: Moment }
	/** Replaces the service's response. After handling, the change has happened all the same. Default: "before". */
	| StatusFault
	/** Responds with 429 and the service's own text; with Retry-After only if given. */
	| { readonly kind: "throttle"; readonly retryAfter?: RetryAfter }
	/** Responds with 503 and the service's own text; with Retry-After only if given. */
	| { readonly kind: "unavailable"; readonly retryAfter?: RetryAfter }
	/** Waits before handling, by the virtual clock (default) or the real one. */
	| { readonly kind: "delay"; readonly ms: number; readonly clock?: "virtual" | "real" }
	/** Never responds. Default: "before". */
	| { readonly kind: "hang"; readonly when?: Moment }
	/** Handles the request and sends half of the body, with the full length (default) or the length of the half. */
	| { readonly kind: "truncate"; readonly contentLength?: "full" | "cut" }
	/** Responds with an HTML page. Default: status 502, before handling. */
	| { readonly kind: "html"; readonly status?: number; readonly when?: Moment }
	/** Handles the request and changes the content type of the response. */
	| { readonly kind: "contentType"; readonly value: string }
	/** Redirects the client. Default: status 307. */
	| { readonly kind: "redirect"; readonly location: string; readonly status?: number }
	/** Carries out an operation behind the client's back just before (default) or just after the request is handled. */
	| { readonly kind: "change"; readonly operation: Operation; readonly when?: Moment }
	/** Runs a function of the test just before (default) or just after the request is handled; in process only. */
	| { readonly kind: "run"; readonly run: () => void | Promise<void>; readonly when?: Moment };

/** A response defined by the test. */
export interface StatusFault {
	readonly kind: "status";
	readonly when?: Moment;
	readonly status: number;
	/** The service's error code, for the header and the body. */
	readonly code?: string;
	readonly message?: string;
	/** The body: a string is sent as it is, anything else as JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** A fault in some requests. */
export interface Fault {
	readonly match?: RequestMatch;
	/** The first matching request that is affected, counted from 1. Default: 1. */
	readonly nth?: number;
	/** How many matching requests are affected from there on. Default: 1. */
	readonly times?: number | "always";
	readonly action: FaultAction;
}

/** The parts of a request that faults and gates match. */
export interface Addressed {
	readonly head: CallHead;
	readonly service: string;
	readonly route: string | undefined;
}

/** Returns whether a request matches. */
export function matches(match: RequestMatch | undefined, { head, service, route }: Addressed): boolean {
	if (match === undefined) return true;
	return (
		(match.service === undefined || match.service === service) &&
		(match.method === undefined || match.method.toUpperCase() === head.method) &&
		(match.apiVersion === undefined || match.apiVersion === head.apiVersion) &&
		(match.route === undefined || match.route === route || match.route === route?.split(" ")[1]) &&
		(match.path === undefined || new RegExp(match.path).test(head.path))
	);
}

/** Throws if the path is not a regular expression, so that this does not fail later, during a request. */
export function requireSoundMatch(match: RequestMatch | undefined): void {
	if (match?.path !== undefined) new RegExp(match.path);
}
