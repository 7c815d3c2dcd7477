import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { EnvHttpProxyAgent, errors, request as undiciRequest } from "undici";
import { ConnectionLost, NotConnected, UnreadableAnswer } from "./errors.ts";
import type { Request, Response, Send } from "./message.ts";
import { redact } from "./redact.ts";
import { within } from "./within.ts";

/** How to reach the network. */
export interface TransportOptions {
	/** A PEM file with certificate authorities to trust besides the system's: a company proxy's, an emulator's. */
	readonly caFile?: string | undefined;
	/** How long a server may keep us waiting. Default: {@link PATIENCE}. */
	readonly patience?: Patience;
}

/** How long a server may keep us waiting, whatever time the operation has; all in milliseconds. */
export interface Patience {
	/** For a connection, the TLS handshake included. */
	readonly connect: number;
	/** For the headers, then for each piece of the body; an answer that comes in drops may take twice as long in all. */
	readonly answer: number;
}

/**
 * IoT Hub delays requests by many seconds before it refuses any (traffic shaping), so an answer may take longer than is
 * usual.
 */
export const PATIENCE: Patience = { connect: 15_000, answer: 100_000 };

/** A full page of twins is some megabytes; nothing that a registry says is larger than this. */
const MAX_RESPONSE = 64 * 1024 * 1024;

const NEVER_SENT = new Set([
	"ECONNREFUSED",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT",
]);
/** What undici calls an aborted request: we abort none but by a time limit, so it is a proxy that opened no tunnel. */
const REFUSED_BY_PROXY = "UND_ERR_ABORTED";
const UNTRUSTED = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;

/**
 * Opens the network: connection pools, and a proxy where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say so.
 * Redirects are not followed, for a token must never reach another host.
 */
export function transport({ caFile, patience = PATIENCE }: TransportOptions = {}): Send {
	const tls = caFile === undefined ? {} : { ca: authorities(caFile) };
	const connect = { ...tls, timeout: patience.connect };
	const dispatcher = new EnvHttpProxyAgent({
		connect,
		requestTls: connect,
		headersTimeout: patience.answer,
		bodyTimeout: patience.answer,
		maxResponseSize: MAX_RESPONSE,
	});
	return async (request) => {
		try {
			return await exchange(request, { dispatcher, longest: 2 * patience.answer });
		} catch (error) {
			throw error instanceof UnreadableAnswer ? error : classified(error, request);
		}
	};
}

/** Naming any authority replaces Node's own list, so that is named too, and what NODE_EXTRA_CA_CERTS adds to it. */
function authorities(caFile: string): string[] {
	const extra = process.env["NODE_EXTRA_CA_CERTS"];
	const files = extra ? [caFile, extra] : [caFile];
	return [...rootCertificates, ...files.map((file) => readFileSync(file, "utf8"))];
}

/** The way to the servers, and how many milliseconds one answer may take in all. */
interface Way {
	readonly dispatcher: EnvHttpProxyAgent;
	readonly longest: number;
}

/** The time limit holds from the first: a library that still waits for a connection does not heed the signal. */
async function exchange(request: Request, { dispatcher, longest }: Way): Promise<Response> {
	const limit = Math.max(1, Math.min(request.deadline.remaining(), longest));
	const answered = async (signal: AbortSignal): Promise<Response> => {
		const { statusCode, headers, body } = await undiciRequest(request.url, {
			method: request.method,
			headers: request.headers,
			body: request.body ?? null,
			dispatcher,
			signal,
		});
		return { status: statusCode, headers: flat(headers), text: await textOf(body, statusCode, request) };
	};
	return within(limit, answered, () => new DOMException("there was no whole answer in time", "TimeoutError"));
}

/** What is no UTF-8 would come out as other values than the service has; of an error the status is what counts. */
async function textOf(
	body: { arrayBuffer(): Promise<ArrayBuffer> },
	status: number,
	request: Request,
): Promise<string> {
	const bytes = await body.arrayBuffer();
	try {
		return new TextDecoder("utf-8", { fatal: status < 300 }).decode(bytes);
	} catch {
		throw new UnreadableAnswer(`${request.method} ${request.url.origin}: the answer is no UTF-8`, status);
	}
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const pairs = Object.entries(headers).map(([name, value]) => [
		name.toLowerCase(),
		[value ?? ""].flat().join(", "),
	]);
	return Object.fromEntries(pairs);
}

function classified(error: unknown, { method, url }: Request): NotConnected | ConnectionLost {
	const code = codeOf(error);
	const what = `${method} ${url.origin}`;
	if (UNTRUSTED.test(code)) {
		const remedy =
			"Check the host name; for a company proxy or an emulator name its certificate authority in `iothub:caFile` or `autopilot:caFile`.";
		return new NotConnected(`${what}: no trusted TLS connection (${code}). ${remedy}`, false, bare(error));
	}
	if (code === "ENOTFOUND") {
		const remedy =
			"Check the host name, which is written in full, with its domain, and how this machine finds names.";
		return new NotConnected(
			`${what}: there is no host of this name (${code}). ${remedy}`,
			false,
			bare(error),
		);
	}
	if (NEVER_SENT.has(code)) return new NotConnected(`${what}: no connection (${code})`, true, bare(error));
	if (code === REFUSED_BY_PROXY) {
		return new NotConnected(`${what}: the proxy refused the connection (${said(error)})`, false, bare(error));
	}
	return new ConnectionLost(
		`${what}: the connection broke before the answer was complete (${code})`,
		bare(error),
	);
}

/** What is passed on of the library's error: its other properties may hold an answer's bytes, and keys in them. */
function bare(error: unknown): Error {
	return Object.assign(new Error(said(error)), { code: codeOf(error) });
}

function codeOf(error: unknown): string {
	if (error instanceof errors.UndiciError) return innerCode(error) ?? error.code;
	if (!(error instanceof Error)) return "unknown";
	if (error.name === "TimeoutError") return "timeout";
	return "code" in error && typeof error.code === "string" ? error.code : (innerCode(error) ?? error.name);
}

function said(error: unknown): string {
	return error instanceof Error ? redact(error.message) : "no reason given";
}

function innerCode({ cause }: Error): string | undefined {
	return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
