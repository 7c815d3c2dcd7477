import type { Deadline } from "./deadline.ts";

/** A request. It is immutable: a policy that changes something sends a copy. */
export interface HttpRequest {
	readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Whether the request may be sent again even if it was carried out already: reads and queries. */
	readonly repeatable: boolean;
	/** Whether a successful response may have no body, as for actions and deletions. */
	readonly allowsEmptyResponse?: boolean;
	/** The service's meter that counts the request: `registry`, `twin`, `query`. */
	readonly meter: string;
	/** The deadline of the operation that sends the request. */
	readonly deadline: Deadline;
	/** Ends the wait for the first attempt or the next one. A request that was sent is not aborted: its outcome would be unknown. */
	readonly signal?: AbortSignal;
}

/** A complete response, whatever its status. */
export interface HttpResponse {
	readonly status: number;
	/** Values by lower-case name; the values of a repeated header are joined by commas. */
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
}

/** Sends a request and returns the response: the network, or a policy in front of it. */
export type SendRequest = (request: HttpRequest) => Promise<HttpResponse>;

/** Wraps a {@link SendRequest} in another one. */
export type PipelinePolicy = (next: SendRequest) => SendRequest;

/** Puts policies in front of a {@link SendRequest}; the first one is outermost. */
export function createPipeline(send: SendRequest, ...policies: readonly PipelinePolicy[]): SendRequest {
	return policies.reduceRight((next, policy) => policy(next), send);
}

/**
 * Encodes an id as one segment of a URL path. `.` and `..` have a special meaning in URLs even if they are encoded (WHATWG
 * URL, "path state"), so neither of them nor an empty id can be addressed.
 *
 * @throws TypeError for such an id, and for half a surrogate pair
 */
export function encodePathSegment(id: string): string {
	try {
		if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id);
	} catch {
		// Reported below.
	}
	throw new TypeError(`${JSON.stringify(id)} cannot be used as an id in a URL`);
}

/** The three formats of a date in a header, without the time zone, which is always GMT (RFC 9110 §5.6.7). */
const HTTP_DATE_PATTERN =
	/^(?:\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d(?= GMT$)|\w+, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d(?= GMT$)|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$)/;

/**
 * Parses a date of an HTTP header to milliseconds since 1970; undefined if it is absent or invalid. `Date.parse` alone would read
 * `-5` as a day of the year 2001.
 */
export function parseHttpDate(date: string | undefined): number | undefined {
	const [dateAndTime] = HTTP_DATE_PATTERN.exec(date?.trim() ?? "") ?? [];
	const timeMs = dateAndTime === undefined ? Number.NaN : Date.parse(`${dateAndTime} GMT`);
	return Number.isNaN(timeMs) ? undefined : timeMs;
}
