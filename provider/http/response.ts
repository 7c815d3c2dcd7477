import { redactSecrets } from "../text/sanitize.ts";
import { isRequestFailure, ServiceError, UnreadableAnswer } from "./errors.ts";
import type { HttpResponse, PipelinePolicy } from "./pipeline.ts";
import { parseRetryAfter } from "./retry.ts";

/**
 * Refuses answers that the service can't have meant: a redirect, which is never followed because a token must not
 * reach another host, and a success that is no JSON, as a proxy's page or a torn transfer is none.
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
	if (status >= 300 && status < 400) return `the answer is a redirect (${status}), which is not followed`;
	if (status >= 300 || status === 204) return undefined;
	if (parseJsonBody(response) !== undefined) return undefined;
	const contentType = redactSecrets(headers["content-type"] ?? "no content type", 100);
	return `the answer (${status}, ${contentType}, ${text.length} characters) is no JSON: a proxy's page or a torn transfer`;
}

/** No answer of a service is nested so deep; what walks through one deeper runs out of stack. */
const MAX_JSON_DEPTH = 500;
/** The largest answer that is read, if it is a page of twins, has about so many values; small ones take much more memory. */
const MAX_JSON_VALUES = 2_000_000;

/** The answer's JSON value, or undefined where it has none, or none that anybody could have meant. */
export function parseJsonBody({ text }: HttpResponse): unknown {
	try {
		return isWithinJsonLimits(text) ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}

/** Whether lists and objects stand in each other no deeper than that, and hold no more. */
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

/** A successful answer. */
export interface JsonResponse {
	/** The body's JSON value; undefined where there is no body. */
	readonly json: unknown;
	readonly headers: HttpResponse["headers"];
}

/** What a successful response has to say. */
export function toJsonResponse(response: HttpResponse): JsonResponse {
	return { json: parseJsonBody(response), headers: response.headers };
}

/**
 * What broke on the way is told with what it was for; errors of a sign-in belong to nobody and stay as they are.
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

/** What is known of a request that a service refused. */
export interface ServiceErrorContext {
	/** `creating device "gw-1"` */
	readonly operationName: string;
	/** The service's own words, as they came; empty where it said nothing. */
	readonly text: string;
	/** The code by which the error is known from here on; empty where there is none. */
	readonly serviceCode: string;
	/** The code as the service spelt it, where that is another. */
	readonly code?: string;
	readonly requestId: string | undefined;
	/** What can be done about it, in a sentence; empty where nothing is known. */
	readonly remedy: string;
}

/** Codes and ids are shorter, in characters; what is longer is cut. */
const MAX_TAG_LENGTH = 100;

/** The error for a refused request: what, what the service said, what to do. */
export function createServiceError(
	response: HttpResponse,
	{ operationName, text, serviceCode, code = serviceCode, requestId, remedy }: ServiceErrorContext,
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
		retryAfterMs: parseRetryAfter(response, Date.now()),
	});
}
