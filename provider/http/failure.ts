import { ServiceError } from "./errors.ts";
import type { Response } from "./message.ts";
import { redact } from "./redact.ts";
import { retryAfter } from "./retryAfter.ts";

/** What is known of a request that a service refused. */
export interface Refusal {
	/** `creating device "gw-1"` */
	readonly what: string;
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
const LONGEST_TAG = 100;

/** The error for a refused request: what, what the service said, what to do. */
export function failure(
	response: Response,
	{ what, text, serviceCode, code = serviceCode, requestId, remedy }: Refusal,
): ServiceError {
	const { status } = response;
	const said = text === "" ? "" : `: ${redact(text)}`;
	const tag = (value: string): string => redact(value, LONGEST_TAG);
	const id = requestId && tag(requestId);
	const tags = [`${status}`, tag(code), id && `request id ${id}`].filter(Boolean).join(", ");
	return new ServiceError(`${what} failed${said} (${tags}). ${remedy}`.trimEnd(), {
		status,
		serviceCode: tag(serviceCode),
		requestId: id,
		retryAfter: retryAfter(response, Date.now()),
	});
}
