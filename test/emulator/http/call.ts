import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** What is known of a request before its body is read. */
export interface CallHead {
	/** Upper-case method. */
	readonly method: string;
	/** The path as sent, still percent-encoded, without the query. */
	readonly path: string;
	/** The path's segments as sent, without empty ones at the end (a trailing slash changes nothing). */
	readonly segments: readonly string[];
	/** The query's parameters. */
	readonly query: URLSearchParams;
	/** The headers, names in lower case. */
	readonly headers: IncomingHttpHeaders;
	/** The version that the query asks for, or undefined. */
	readonly apiVersion: string | undefined;
}

/** A request with its body. */
export interface Call extends CallHead {
	/** The body as text, "" when there is none. */
	readonly body: string;
}

/** Takes a request line and headers apart. */
export function readHead(method: string, target: string, headers: IncomingHttpHeaders): CallHead {
	const mark = target.indexOf("?");
	const path = mark < 0 ? target : target.slice(0, mark);
	const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
	const segments = path.replace(/\/+$/, "").split("/").slice(1);
	return { method, path, segments, query, headers, apiVersion: getParameter(query, "api-version") };
}

/** A query parameter, whatever the case of its name. */
export function getParameter(query: URLSearchParams, name: string): string | undefined {
	for (const [key, value] of query) if (key.toLowerCase() === name) return value;
	return undefined;
}

/** The one value of a header, or undefined. */
export function getHeader(call: CallHead, name: string): string | undefined {
	const value = call.headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}

/** The largest body that is read: a bulk call of 100 twins stays far below it. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** The body as text, or undefined when it is larger than any that a service takes. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		size += part.length;
		if (size <= LARGEST_BODY) parts.push(part);
	}
	return size > LARGEST_BODY ? undefined : Buffer.concat(parts).toString("utf8");
}
