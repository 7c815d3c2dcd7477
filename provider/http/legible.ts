import { UnreadableAnswer } from "./errors.ts";
import type { Policy, Response } from "./message.ts";
import { redact } from "./redact.ts";

/**
 * Refuses answers that the service can't have meant: a redirect, which is never followed because a token must not
 * reach another host, and a success that is no JSON, as a proxy's page or a torn transfer is none.
 */
export function legible(): Policy {
	return (next) => async (request) => {
		const response = await next(request);
		const isEmpty = request.mayBeEmpty === true && response.text === "" && response.status < 300;
		const fault = isEmpty ? undefined : faultOf(response);
		if (fault === undefined) return response;
		throw new UnreadableAnswer(`${request.method} ${request.url.origin}: ${fault}`, response.status);
	};
}

function faultOf(response: Response): string | undefined {
	const { status, text, headers } = response;
	if (status >= 300 && status < 400) return `the answer is a redirect (${status}), which is not followed`;
	if (status >= 300 || status === 204) return undefined;
	if (jsonOf(response) !== undefined) return undefined;
	const type = redact(headers["content-type"] ?? "no content type", 100);
	return `the answer (${status}, ${type}, ${text.length} characters) is no JSON: a proxy's page or a torn transfer`;
}

/** No answer of a service is nested so deep; what walks through one deeper runs out of stack. */
const DEEPEST = 500;
/** The largest answer that is read, if it is a page of twins, has about so many values; small ones take much more memory. */
const MOST_VALUES = 2_000_000;

/** The answer's JSON value, or undefined where it has none, or none that anybody could have meant. */
export function jsonOf({ text }: Response): unknown {
	try {
		return isWithinMeasure(text) ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}

/** Whether lists and objects stand in each other no deeper than that, and hold no more. */
function isWithinMeasure(text: string): boolean {
	let depth = 0;
	let values = 0;
	let isInText = false;
	for (let at = 0; at < text.length; at++) {
		const mark = text[at];
		if (isInText) {
			if (mark === "\\") at++;
			else if (mark === '"') isInText = false;
		} else if (mark === '"') isInText = true;
		else if (mark === ",") values++;
		else if (mark === "[" || mark === "{") {
			depth++;
			values++;
		} else if (mark === "]" || mark === "}") depth--;
		if (depth > DEEPEST || values > MOST_VALUES) return false;
	}
	return true;
}
