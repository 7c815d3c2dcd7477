import { EnvHttpProxyAgent, errors, request as undiciRequest } from "undici";
import { redactSecrets } from "../text/sanitize.ts";
import { readCertificateAuthorities } from "./certificateAuthorities.ts";
import { withTimeout } from "./deadline.ts";
import { ConnectionLost, NotConnected, UnreadableAnswer } from "./errors.ts";
import type { HttpRequest, HttpResponse, SendRequest } from "./pipeline.ts";

/** Options of the network. */
export interface TransportOptions {
	/** A PEM file with additional certificate authorities to trust: a company proxy's, an emulator's. */
	readonly caFile?: string | undefined;
	/** Default: {@link DEFAULT_TRANSPORT_TIMEOUTS}. */
	readonly timeouts?: TransportTimeouts;
}

/** How long to wait for a server, regardless of the time that the operation has left. */
export interface TransportTimeouts {
	/** For a connection, including the TLS handshake. */
	readonly connectMs: number;
	/** For the headers, then for each chunk of the body; a slow response may take twice as long in total. */
	readonly responseMs: number;
}

/**
 * Default timeouts. IoT Hub delays requests by many seconds before it refuses any (traffic shaping), so the timeout for a
 * response is longer than usual.
 */
export const DEFAULT_TRANSPORT_TIMEOUTS: TransportTimeouts = { connectMs: 15_000, responseMs: 100_000 };

/** Maximum size of a response. A full page of twins is some megabytes; no response of a registry is larger than this. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Codes of errors that occur before anything is sent. */
const NOT_SENT_CODES = new Set([
	"ECONNREFUSED",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT",
]);
/** undici's code for an aborted request. We abort only at a timeout, so the cause is a proxy that refused to open a tunnel. */
const PROXY_REFUSED_CODE = "UND_ERR_ABORTED";
const TLS_FAILURE_PATTERN = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;

/**
 * Creates the function that sends requests over the network, with connection pools and the proxy that `HTTPS_PROXY`,
 * `HTTP_PROXY` and `NO_PROXY` configure. Redirects are not followed, because a token must never reach another host.
 */
export function createTransport({
	caFile,
	timeouts = DEFAULT_TRANSPORT_TIMEOUTS,
}: TransportOptions = {}): SendRequest {
	const tlsOptions = caFile === undefined ? {} : { ca: readCertificateAuthorities(caFile) };
	const connectOptions = { ...tlsOptions, timeout: timeouts.connectMs };
	const dispatcher = new EnvHttpProxyAgent({
		connect: connectOptions,
		requestTls: connectOptions,
		headersTimeout: timeouts.responseMs,
		bodyTimeout: timeouts.responseMs,
		maxResponseSize: MAX_RESPONSE_BYTES,
	});
	return async (request) => {
		try {
			return await performExchange(request, { dispatcher, maxMs: 2 * timeouts.responseMs });
		} catch (error) {
			throw error instanceof UnreadableAnswer ? error : classifyError(error, request);
		}
	};
}

/** The connection pool, and the time limit of one exchange. */
interface ExchangeOptions {
	readonly dispatcher: EnvHttpProxyAgent;
	readonly maxMs: number;
}

/** Sends a request and reads the response. The time limit is enforced here: undici ignores the signal while it connects. */
async function performExchange(
	request: HttpRequest,
	{ dispatcher, maxMs }: ExchangeOptions,
): Promise<HttpResponse> {
	const timeoutMs = Math.max(1, Math.min(request.deadline.getRemainingMs(), maxMs));
	const sendAndRead = async (signal: AbortSignal): Promise<HttpResponse> => {
		const { statusCode, headers, body } = await undiciRequest(request.url, {
			method: request.method,
			headers: request.headers,
			body: request.body ?? null,
			dispatcher,
			signal,
		});
		return {
			status: statusCode,
			headers: flattenHeaders(headers),
			text: await decodeBody(body, statusCode, request),
		};
	};
	return withTimeout(
		timeoutMs,
		sendAndRead,
		() => new DOMException("there was no complete response in time", "TimeoutError"),
	);
}

/** Decodes UTF-8. Invalid bytes would change values silently, so they are an error; in error responses only the status counts. */
async function decodeBody(
	body: { arrayBuffer(): Promise<ArrayBuffer> },
	status: number,
	request: HttpRequest,
): Promise<string> {
	const bytes = await body.arrayBuffer();
	try {
		return new TextDecoder("utf-8", { fatal: status < 300 }).decode(bytes);
	} catch {
		throw new UnreadableAnswer(`${request.method} ${request.url.origin}: the response is not UTF-8`, status);
	}
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const entries = Object.entries(headers).map(([name, value]) => [
		name.toLowerCase(),
		[value ?? ""].flat().join(", "),
	]);
	return Object.fromEntries(entries);
}

function classifyError(error: unknown, { method, url }: HttpRequest): NotConnected | ConnectionLost {
	const code = getErrorCode(error);
	const target = `${method} ${url.origin}`;
	if (TLS_FAILURE_PATTERN.test(code)) {
		const remedy =
			"Check the host name. For a company proxy or an emulator, set `iothub:caFile` or `autopilot:caFile` to its certificate authority.";
		return new NotConnected(
			`${target}: no trusted TLS connection (${code}). ${remedy}`,
			false,
			sanitizeError(error),
		);
	}
	if (code === "ENOTFOUND") {
		const remedy =
			"Check that the host name is complete, with its domain, and that this machine can resolve names.";
		return new NotConnected(
			`${target}: no host has this name (${code}). ${remedy}`,
			false,
			sanitizeError(error),
		);
	}
	if (NOT_SENT_CODES.has(code))
		return new NotConnected(`${target}: no connection (${code})`, true, sanitizeError(error));
	if (code === PROXY_REFUSED_CODE) {
		return new NotConnected(
			`${target}: the proxy refused the connection (${redactMessage(error)})`,
			false,
			sanitizeError(error),
		);
	}
	return new ConnectionLost(
		`${target}: the connection broke before the response was complete (${code})`,
		sanitizeError(error),
	);
}

/** Copies only message and code: other properties of undici's error may hold bytes of the response, and keys in them. */
function sanitizeError(error: unknown): Error {
	return Object.assign(new Error(redactMessage(error)), { code: getErrorCode(error) });
}

function getErrorCode(error: unknown): string {
	if (error instanceof errors.UndiciError) return getCauseCode(error) ?? error.code;
	if (!(error instanceof Error)) return "unknown";
	if (error.name === "TimeoutError") return "timeout";
	return "code" in error && typeof error.code === "string" ? error.code : (getCauseCode(error) ?? error.name);
}

function redactMessage(error: unknown): string {
	return error instanceof Error ? redactSecrets(error.message) : "no reason given";
}

function getCauseCode({ cause }: Error): string | undefined {
	return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
