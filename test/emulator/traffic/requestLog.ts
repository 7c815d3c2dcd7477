import type { VirtualClock } from "../clock.ts";
import { type CallHead, getHeader } from "../http/call.ts";
import { parseJson } from "../json.ts";

/** How a request ended: "reset" and "refused" without a response, "cut" with half of one, "aborted" by the client. */
export type Outcome = "pending" | "answered" | "refused" | "reset" | "hung" | "cut" | "aborted";

/** A logged request, without credentials. */
export interface LoggedRequest {
	/** Counted from 1. */
	readonly number: number;
	readonly service: string;
	readonly method: string;
	/** The route's name such as `PUT /devices/{id}`, or undefined for an unknown route. */
	readonly route: string | undefined;
	/** The path as sent, without the query. */
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly ifMatch: string | undefined;
	/** All headers except those that carry credentials. */
	readonly headers: Readonly<Record<string, string>>;
	/** The body, parsed if it is JSON; undefined for none, and for services whose bodies contain credentials. */
	body: unknown;
	/** The service's status, even if the response was lost; undefined until then. */
	status: number | undefined;
	outcome: Outcome;
	/** The time of its arrival, in virtual milliseconds since 1970. */
	readonly at: number;
	/** The time of its end, in virtual milliseconds since 1970. */
	endedAt: number | undefined;
}

const CREDENTIAL_HEADERS = new Set(["authorization", "proxy-authorization", "x-identity-header", "cookie"]);

/** Every request to an emulated service since the start or the last reset. */
export class RequestLog {
	readonly #clock: VirtualClock;
	#requests: LoggedRequest[] = [];
	#lastNumber = 0;
	#inFlight = 0;
	#peak = 0;

	constructor(clock: VirtualClock) {
		this.#clock = clock;
	}

	/** Adds an entry when a request arrives. */
	open(head: CallHead, service: string, route: string | undefined): LoggedRequest {
		this.#lastNumber += 1;
		this.#inFlight += 1;
		this.#peak = Math.max(this.#peak, this.#inFlight);
		const entry: LoggedRequest = {
			number: this.#lastNumber,
			service,
			method: head.method,
			route,
			path: head.path,
			query: Object.fromEntries(head.query),
			ifMatch: getHeader(head, "if-match"),
			headers: omitCredentials(head),
			body: undefined,
			status: undefined,
			outcome: "pending",
			at: this.#clock.now(),
			endedAt: undefined,
		};
		this.#requests.push(entry);
		return entry;
	}

	/** Completes an entry. */
	close(entry: LoggedRequest, outcome: Outcome): void {
		if (entry.outcome !== "pending") return;
		entry.outcome = outcome;
		entry.endedAt = this.#clock.now();
		this.#inFlight -= 1;
	}

	/** Returns all entries in the order of arrival. */
	list(): readonly LoggedRequest[] {
		return this.#requests;
	}

	/** Returns the number of requests of each route; those without a route are counted by method and path. */
	counts(): Record<string, number> {
		const counts = new Map<string, number>();
		for (const { route, method, path } of this.#requests) {
			const name = route ?? `${method} ${path}`;
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		return Object.fromEntries(counts);
	}

	/** The highest number of concurrent requests since the last reset. */
	get peak(): number {
		return this.#peak;
	}

	/** Clears the log. */
	reset(): void {
		this.#requests = [];
		this.#peak = this.#inFlight;
	}
}

/** Returns the body as the log stores it. */
export function readLoggedBody(body: string): unknown {
	return body === "" ? undefined : (parseJson(body) ?? body);
}

function omitCredentials(head: CallHead): Record<string, string> {
	const kept = Object.keys(head.headers).filter((name) => !CREDENTIAL_HEADERS.has(name));
	return Object.fromEntries(kept.map((name) => [name, getHeader(head, name) ?? ""]));
}
