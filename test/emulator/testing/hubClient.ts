import { createHmac } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import type { Emulator } from "../emulator.ts";

/** The parts of a request besides method and path. */
export interface Sent {
	/** Sent as JSON; a string is sent as it is. */
	readonly body?: unknown;
	readonly ifMatch?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Default: 2021-04-12; null sends none. */
	readonly apiVersion?: string | null;
	/** Default: a new signature of the client's policy; null sends none. */
	readonly authorization?: string | null;
}

/** A response. */
export interface Reply {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
	/** The body as JSON, or undefined if it is not JSON. */
	readonly json: unknown;
	/** Returns the value at a dotted path in the JSON; list items by index, annotations such as `@odata.count` as they are. */
	at(path: string): unknown;
}

/** A plain HTTP client that sends exactly what a test says, signed like an official client. */
export class HubClient {
	readonly #emulator: Emulator;
	readonly #policy: string;

	constructor(emulator: Emulator, policy = "iothubowner") {
		this.#emulator = emulator;
		this.#policy = policy;
	}

	/** Returns the same client with another shared access policy. */
	as(policy: string): HubClient {
		return new HubClient(this.#emulator, policy);
	}

	/** Returns the Authorization header of this client. */
	token(): string {
		const { hostName, policy, key } = parseConnectionString(
			this.#emulator.control.hub.connectionString(this.#policy),
		);
		return createSharedAccessToken({ resource: encodeURIComponent(hostName), policy, key });
	}

	put(path: string, body: unknown, sent: Sent = {}): Promise<Reply> {
		return this.send("PUT", path, { ...sent, body });
	}

	get(path: string, sent: Sent = {}): Promise<Reply> {
		return this.send("GET", path, sent);
	}

	post(path: string, body: unknown, sent: Sent = {}): Promise<Reply> {
		return this.send("POST", path, { ...sent, body });
	}

	patch(path: string, body: unknown, sent: Sent = {}): Promise<Reply> {
		return this.send("PATCH", path, { ...sent, body });
	}

	/** Deletes, unconditionally by default. */
	delete(path: string, sent: Sent = { ifMatch: '"*"' }): Promise<Reply> {
		return this.send("DELETE", path, sent);
	}

	/** Sends one request on a connection of its own. Rejects without a complete response. */
	send(method: string, path: string, sent: Sent = {}): Promise<Reply> {
		const { apiVersion = "2021-04-12", authorization = this.token() } = sent;
		const version = apiVersion === null ? "" : `${path.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
		const headers = {
			...(authorization !== null && { authorization }),
			...(sent.ifMatch !== undefined && { "if-match": sent.ifMatch }),
			...(sent.body !== undefined && { "content-type": "application/json; charset=utf-8" }),
			...sent.headers,
		};
		return sendWireRequest(new URL(this.#emulator.iotHub.url), {
			method,
			path: path + version,
			headers,
			body: formatBody(sent.body),
		});
	}
}

/** A request as it is sent. */
export interface Wire {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
}

/** Sends one request to loopback on a connection of its own. Rejects without a complete response. */
export function sendWireRequest(url: URL, { method, path, headers, body }: Wire): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const outgoing = request(
			{ host: "127.0.0.1", port: url.port, agent: false, method, path, headers },
			(incoming) => {
				const parts: Buffer[] = [];
				incoming.on("data", (part: Buffer) => parts.push(part));
				incoming.once("error", reject);
				incoming.once("end", () => {
					const text = Buffer.concat(parts).toString("utf8");
					resolve(createReply(incoming.statusCode ?? 0, incoming.headers, text));
				});
			},
		);
		outgoing.once("error", reject);
		if (body !== undefined) outgoing.setHeader("content-length", Buffer.byteLength(body));
		outgoing.end(body);
	});
}

function createReply(status: number, headers: IncomingHttpHeaders, text: string): Reply {
	const json = parseJsonText(text);
	return { status, headers, text, json, at: (path) => path.split(/(?<!@odata)\./).reduce(step, json) };
}

function step(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parseJsonText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function formatBody(body: unknown): string | undefined {
	return body === undefined || typeof body === "string" ? body : JSON.stringify(body);
}

/** The parts of a shared access signature. */
export interface TokenParts {
	/** The resource as it must be in the token, percent-encoded. */
	readonly resource: string;
	/** The policy's name; null omits it, as in a device's token. */
	readonly policy: string | null;
	readonly key: string;
	/** Seconds since 1970. Default: an hour from now. */
	readonly expiry?: number;
	/** The order of the fields. Default: that of the Python client. */
	readonly order?: ReadonlyArray<"sr" | "sig" | "se" | "skn">;
	/** How the signature is escaped. Default: `encodeURIComponent`. */
	readonly escapeSignature?: (signature: string) => string;
}

/** Signs a token as documented, independently of the emulator's parser. */
export function createSharedAccessToken(parts: TokenParts): string {
	const expiry = String(parts.expiry ?? Math.floor(Date.now() / 1000) + 3600);
	const { escapeSignature = encodeURIComponent, order = ["sr", "sig", "se", "skn"] } = parts;
	const signature = createHmac("sha256", Buffer.from(parts.key, "base64"))
		.update(`${parts.resource}\n${expiry}`, "utf8")
		.digest("base64");
	const fields = { sr: parts.resource, sig: escapeSignature(signature), se: expiry, skn: parts.policy };
	const written = order.filter((name) => fields[name] !== null).map((name) => `${name}=${fields[name]}`);
	return `SharedAccessSignature ${written.join("&")}`;
}

/** Returns the parts of a connection string by name; values may contain `=`. */
export function parseConnectionString(connectionString: string): {
	readonly hostName: string;
	readonly policy: string;
	readonly key: string;
} {
	const readPart = (name: string) => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(connectionString)?.[1] ?? "";
	return {
		hostName: readPart("HostName"),
		policy: readPart("SharedAccessKeyName"),
		key: readPart("SharedAccessKey"),
	};
}
