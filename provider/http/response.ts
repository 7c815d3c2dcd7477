import type { FaultScope } from "../sharedFault.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { systemClock } from "./clock.ts";
import { isRequestFailure, ServiceError, UnreadableAnswer } from "./errors.ts";
import type { HttpResponse, PipelinePolicy } from "./pipeline.ts";
import { parseRetryAfter } from "./retryAfter.ts";

/**
 * Rejects responses that the service cannot have meant: a redirect, which is never followed because the token must not
 * reach another host, and a success whose body is not JSON (a proxy's page, a truncated transfer).
 */
export function requireJsonResponse(): PipelinePolicy {
	return (next) => async (request) => {
		const response = await next(request);
		const isAllowedEmpty =
			request.allowsEmptyResponse === true && response.text === "" && response.status < 300;
		const problem = isAllowedEmpty ? undefined : findResponseProblem(response);
		if (problem === undefined) return response;
		throw new UnreadableAnswer(`${request.method} ${request.url.origin}: ${problem}`, response.status);
	};
}

function findResponseProblem(response: HttpResponse): string | undefined {
	const { status, text, headers } = response;
	if (status >= 300 && status < 400) return `the response is a redirect (${status}), which is not followed`;
	if (status >= 300 || status === 204) return undefined;
	if (parseJson(text) !== undefined) return undefined;
	const contentType = redactSecrets(headers["content-type"] ?? "no content type", 100);
	return `the response (${status}, ${contentType}, ${text.length} characters) is not JSON: a proxy's page or a truncated transfer`;
}

/** Maximum nesting. No service nests deeper, and recursion over deeper values overflows the stack. */
const MAX_JSON_DEPTH = 500;
/** Maximum number of values: about as many as the largest page of device twins has. Small values need much more memory than their text. */
const MAX_JSON_VALUES = 2_000_000;

/** Returns the JSON value of a response's text; undefined if it is not JSON or exceeds the limits above. */
export function parseJson(text: string): unknown {
	try {
		return isWithinJsonLimits(text) ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}

/** Whether the text is within the limits, judged by its brackets and commas outside of strings. */
function isWithinJsonLimits(text: string): boolean {
	let depth = 0;
	let values = 0;
	let isInString = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (isInString) {
			if (character === "\\") index++;
			else if (character === '"') isInString = false;
		} else if (character === '"') isInString = true;
		else if (character === ",") values++;
		else if (character === "[" || character === "{") {
			depth++;
			values++;
		} else if (character === "]" || character === "}") depth--;
		if (depth > MAX_JSON_DEPTH || values > MAX_JSON_VALUES) return false;
	}
	return true;
}

/** A successful response with its body parsed as JSON. */
export interface JsonResponse {
	/** The body's JSON value; undefined if there is no body. */
	readonly json: unknown;
	readonly headers: HttpResponse["headers"];
}

/** Returns the parsed body and the headers of a successful response. */
export function toJsonResponse(response: HttpResponse): JsonResponse {
	return { json: parseJson(response.text), headers: response.headers };
}

/**
 * Prefixes the message of a failed request with the operation that sent it, in place, so that it stays the same error.
 * Sign-in errors are shared between requests and stay unchanged.
 *
 * @param operationName `reading device "gw-1"`
 */
export async function withOperationName<Result>(
	operationName: string,
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (isRequestFailure(error) && !error.message.startsWith(operationName)) {
			error.message = `${operationName} failed: ${error.message}`;
		}
		throw error;
	}
}

/** Describes a request that the service refused. */
export interface ServiceErrorContext {
	/** The operation that sent the request: `creating device "gw-1"`. */
	readonly operationName: string;
	/** The service's message, unchanged; empty if there is none. */
	readonly text: string;
	/** The code for {@link ServiceError.serviceCode}; empty if there is none. */
	readonly serviceCode: string;
	/** The code for the message, if the service spells it differently. */
	readonly code?: string;
	readonly requestId: string | undefined;
	/** The remedy, as a sentence; empty if none is known. */
	readonly remedy: string;
	/** What the error concerns besides the object of the request. Default: nothing. */
	readonly scope?: FaultScope | undefined;
}

/** Maximum length of codes and ids, in characters; longer ones are cut. */
const MAX_TAG_LENGTH = 100;

/** Creates the error for a refused request: the operation, the service's message, codes, the remedy. */
export function createServiceError(
	response: HttpResponse,
	{ operationName, text, serviceCode, code = serviceCode, requestId, remedy, scope }: ServiceErrorContext,
): ServiceError {
	const { status } = response;
	const serviceMessage = text === "" ? "" : `: ${redactSecrets(text)}`;
	const redactTag = (value: string): string => redactSecrets(value, MAX_TAG_LENGTH);
	const redactedRequestId = requestId && redactTag(requestId);
	const tags = [`${status}`, redactTag(code), redactedRequestId && `request id ${redactedRequestId}`]
		.filter(Boolean)
		.join(", ");
	return new ServiceError(`${operationName} failed${serviceMessage} (${tags}). ${remedy}`.trimEnd(), {
		status,
		serviceCode: redactTag(serviceCode),
		requestId: redactedRequestId,
		retryAfterMs: parseRetryAfter(response, systemClock.getWallTime()),
		scope,
	});
}
