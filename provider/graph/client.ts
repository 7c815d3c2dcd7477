import type { Credential } from "../auth/credential.ts";
import { authorizeRequests } from "../http/authorization.ts";
import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { FaultGate } from "../http/faultGate.ts";
import { createPipeline, type HttpRequest, type SendRequest } from "../http/pipeline.ts";
import { limitRate } from "../http/rateLimit.ts";
import {
	type JsonResponse,
	requireJsonResponse,
	toJsonResponse,
	withOperationName,
} from "../http/response.ts";
import { retryRequests } from "../http/retry.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { copyNestedRetryAfter, findScope, parseGraphError, suggestRemedy } from "./errors.ts";
import { GRAPH_RATE_LIMITS } from "./rateLimits.ts";

/** One request to Graph. */
export interface GraphRequest {
	/** The operation's name in error messages: `reading machine "5CG1234ABC"`. */
	readonly operationName: string;
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** The path with its version and percent-encoded ids (`/v1.0/deviceManagement/…`), or the link to a next page. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** An etag exactly as Graph sent it, including quotes and the weak prefix. */
	readonly ifMatch?: string | undefined;
	readonly body?: unknown;
	/** Whether the request can safely be sent twice. Default: only a GET can. */
	readonly repeatable?: boolean;
	readonly deadline: Deadline;
}

/** A client for one tenant, shared by all operations of this process. */
export interface GraphClient {
	/** Sends one request. Throws an error of http/errors.ts. */
	send(request: GraphRequest): Promise<JsonResponse>;
}

/** Dependencies of {@link createGraphClient}. */
export interface GraphClientOptions {
	/** The origin of Graph: `https://graph.microsoft.com`. */
	readonly origin: string;
	readonly credential: Credential;
	/** The justification sent with each write, encoded for its header, for a tenant with Multi Admin Approval. */
	readonly justification: string | undefined;
	readonly network: SendRequest;
	readonly clock: Clock;
}

/** The header for the justification in a tenant with Multi Admin Approval. */
const JUSTIFICATION_HEADER = "x-msft-approval-justification";

/** Creates a client. Retries wrap rate limiting, which wraps authorization, so every attempt is authorized again. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
	const { origin, credential, network, clock } = options;
	const policies = [
		retryRequests(clock),
		copyNestedRetryAfter(),
		limitRate(GRAPH_RATE_LIMITS, clock),
		requireJsonResponse(),
		authorizeRequests(credential),
	] as const;
	const sendHttp = createPipeline(network, ...policies);
	const faultGate = new FaultGate(clock);
	return {
		async send(request) {
			const { operationName, deadline } = request;
			const isWrite = request.method !== "GET";
			const permission = isWrite ? "write" : "read";
			return faultGate.run({ operationName, permission, deadline }, async (signal) => {
				const response = await withOperationName(operationName, () =>
					sendHttp({ ...toHttpRequest(options, request), signal }),
				);
				if (response.status < 300) return toJsonResponse(response);
				throw parseGraphError(response, {
					operationName,
					suggestRemedy: (error) => suggestRemedy(error, { isWrite, identity: credential.identity, origin }),
					findScope,
				});
			});
		},
	};
}

function toHttpRequest({ origin, justification }: GraphClientOptions, request: GraphRequest): HttpRequest {
	const { method, deadline, query = {}, body, ifMatch } = request;
	const isRead = method === "GET";
	const headers = {
		accept: "application/json",
		...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
		...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
		...(isRead || justification === undefined ? {} : { [JUSTIFICATION_HEADER]: justification }),
	};
	return {
		method,
		url: buildUrl(origin, request, query),
		headers,
		repeatable: request.repeatable ?? isRead,
		allowsEmptyResponse: !isRead,
		meter: isRead ? "read" : "write",
		deadline,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	};
}

/** Builds the URL of a request. Refuses a link to another origin, because the request carries the token. */
function buildUrl(
	origin: string,
	{ path, operationName }: GraphRequest,
	query: Readonly<Record<string, string>>,
): URL {
	if (!URL.canParse(path, origin)) throw createBadLinkError(operationName, "is not a URL");
	const url = new URL(path, origin);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	if (url.origin === origin) return url;
	throw createBadLinkError(
		operationName,
		`leads to ${redactSecrets(url.origin === "null" ? url.protocol : url.origin, 100)}, which is not ${origin}, so it was not followed`,
	);
}

function createBadLinkError(operationName: string, reason: string): UnreadableAnswer {
	return new UnreadableAnswer(`${operationName} failed: Graph's link to the next page ${reason}`, 200);
}
