import type { IncomingMessage } from "node:http";

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
