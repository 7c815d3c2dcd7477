import { ServiceError } from "./errors.ts";
import type { HttpResponse } from "./message.ts";
import { redactSecrets } from "./redact.ts";
import { parseRetryAfter } from "./retryAfter.ts";

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
	const tags = [`${status}`, redactTag(code), redactedRequestId && `request id ${redactedRequestId}`].filter(Boolean).join(", ");
	return new ServiceError(`${operationName} failed${serviceMessage} (${tags}). ${remedy}`.trimEnd(), {
		status,
		serviceCode: redactTag(serviceCode),
		requestId: redactedRequestId,
		retryAfterMs: parseRetryAfter(response, Date.now()),
	});
}
