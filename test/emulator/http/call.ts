import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** The parts of a request that are known before its body is read. */
export interface CallHead {
	/** The method in upper case. */
	readonly method: string;
	/** The path as sent, still percent-encoded, without the query. */
	readonly path: string;
	/** The path's segments as sent, without empty ones at the end (a trailing slash has no effect). */
	readonly segments: readonly string[];
	/** The query's parameters. */
	readonly query: URLSearchParams;
	/** The headers, with names in lower case. */
	readonly headers: IncomingHttpHeaders;
	/** The requested api-version, or undefined. */
	readonly apiVersion: string | undefined;
}

/** A request with its body. */
export interface Call extends CallHead {
	/** The body as a string, "" for none. */
	readonly body: string;
}

/** Parses a request line and headers. */
export function readHead(method: string, target: string, headers: IncomingHttpHeaders): CallHead {
	const mark = target.indexOf("?");
	const path = mark < 0 ? target : target.slice(0, mark);
	const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
	const segments = path.replace(/\/+$/, "").split("/").slice(1);
	return { method, path, segments, query, headers, apiVersion: getParameter(query, "api-version") };
}

/** Returns a query parameter, whatever the case of its name. */
export function getParameter(query: URLSearchParams, name: string): string | undefined {
	for (const [key, value] of query) if (key.toLowerCase() === name) return value;
	return undefined;
}

/** Returns the single value of a header, or undefined. */
export function getHeader(call: CallHead, name: string): string | undefined {
	const value = call.headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}

/** The largest body that is read; a bulk request with 100 twins is far smaller. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** Returns the body as a string, or undefined if it is larger than any that a service accepts. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		size += part.length;
		if (size <= LARGEST_BODY) parts.push(part);
	}
	return size > LARGEST_BODY ? undefined : Buffer.concat(parts).toString("utf8");
}
