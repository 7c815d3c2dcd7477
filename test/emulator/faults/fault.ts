import type { Operation } from "../control/operation.ts";
import type { CallHead } from "../http/call.ts";

/** Which requests are meant; every member given must fit, none given means all. */
export interface RequestMatch {
	/** "iotHub", "graph" or "entra". */
	readonly service?: string;
	readonly method?: string;
	/** A regular expression that the path, as sent, must contain. */
	readonly path?: string;
	/** A route's name such as `PUT /devices/{id}`, or its path alone. */
	readonly route?: string;
	readonly apiVersion?: string;
}

/** Before the service handles the request, so that nothing has happened, or after it, so that it has. */
export type Moment = "before" | "after";

/** What goes wrong. */
export type FaultAction =
	/** The connection is closed before the body is read. */
	| { readonly kind: "refuse" }
	/** The connection is closed without an answer; after handling, the answer is lost. Default "before". */
	| { readonly kind: "reset"; readonly when?: Moment }
	/** Another answer than the service's; after handling, the change has happened all the same. Default "before". */
	| StatusFault
	/** 429 as the service words it; with Retry-After only when given, in seconds. */
	| { readonly kind: "throttle"; readonly retryAfter?: number }
	/** 503 as the service words it; with Retry-After only when given, in seconds. */
	| { readonly kind: "unavailable"; readonly retryAfter?: number }
	/** Waits before handling, by the virtual clock (default) or the real one. */
	| { readonly kind: "delay"; readonly ms: number; readonly clock?: "virtual" | "real" }
	/** Never answers. Default "before". */
	| { readonly kind: "hang"; readonly when?: Moment }
	/** Handles the request and sends half of the body, under the whole length (default) or under that of the half. */
	| { readonly kind: "truncate"; readonly contentLength?: "full" | "cut" }
	/** A page in place of the answer. Status 502 by default, before handling by default. */
	| { readonly kind: "html"; readonly status?: number; readonly when?: Moment }
	/** Handles the request and mislabels the answer. */
	| { readonly kind: "contentType"; readonly value: string }
	/** Sends the client elsewhere. Status 307 by default. */
	| { readonly kind: "redirect"; readonly location: string; readonly status?: number }
	/** Does something behind the client's back just before (default) or just after the request is handled. */
	| { readonly kind: "change"; readonly operation: Operation; readonly when?: Moment }
	/** Runs a function of the test just before (default) or just after the request is handled; in process only. */
	| { readonly kind: "run"; readonly run: () => void | Promise<void>; readonly when?: Moment };

/** An answer made up by the test. */
export interface StatusFault {
	readonly kind: "status";
	readonly when?: Moment;
	readonly status: number;
	/** The service's error code, for the header and the body. */
	readonly code?: string;
	readonly message?: string;
	/** A body of the test's own: text as it is, anything else as JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Something that goes wrong with some requests. */
export interface Fault {
	readonly match?: RequestMatch;
	/** The first matching request that it happens to, counted from 1. Default 1. */
	readonly nth?: number;
	/** How many matching requests it happens to from there on. Default 1. */
	readonly times?: number | "always";
	readonly action: FaultAction;
}

/** A request as faults and gates look at it. */
export interface Addressed {
	readonly head: CallHead;
	readonly service: string;
	readonly route: string | undefined;
}

/** Whether a request is one of those meant. */
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

/** Throws at once, and not when a request comes, for a path that is no regular expression. */
export function requireSoundMatch(match: RequestMatch | undefined): void {
	if (match?.path !== undefined) new RegExp(match.path);
}
