import type { Deadline } from "./deadline.ts";

/** A request as policies see it; immutable, a policy that changes something sends a copy. */
export interface HttpRequest {
	readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Whether sending it once more does no harm even if it has been carried out already: reads and queries. */
	readonly repeatable: boolean;
	/** Whether a success may come without a body, as those of actions and deletions do. */
	readonly allowsEmptyResponse?: boolean;
	/** The meter that the service counts it on: `registry`, `twin`, `query`. */
	readonly meter: string;
	/** When the operation that it belongs to must be over. */
	readonly deadline: Deadline;
}

/** An answer that arrived whole, whatever its status. */
export interface HttpResponse {
	readonly status: number;
	/** By lower-case name; of a repeated header the values joined with a comma. */
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
}

/** Anything that can answer a request: the network, or a policy standing in front of it. */
export type SendRequest = (request: HttpRequest) => Promise<HttpResponse>;

/** Stands in front of a `Send` and makes another one of it. */
export type PipelinePolicy = (next: SendRequest) => SendRequest;

/** Puts policies in front of a `Send`; the first one stands outermost. */
export function createPipeline(send: SendRequest, ...policies: readonly PipelinePolicy[]): SendRequest {
	return policies.reduceRight((next, policy) => policy(next), send);
}

/**
 * One segment of a path, whatever characters the text has. `.` and `..` have a meaning of their own in URLs, however they
 * are encoded (WHATWG URL, "path state"), so an id that is one of them, or none, addresses nothing.
 *
 * @throws TypeError for such an id, and for half a surrogate pair
 */
export function encodePathSegment(id: string): string {
	try {
		if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id);
	} catch {
		// Said below.
	}
	throw new TypeError(`${JSON.stringify(id)} is no id that can be asked for`);
}
