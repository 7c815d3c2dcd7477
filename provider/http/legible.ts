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

/** The answer's JSON value, or undefined where it has none, or none that anybody could have meant. */
export function jsonOf({ text }: Response): unknown {
	try {
		return isTooDeep(text) ? undefined : JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Whether lists and objects stand in each other deeper than that. */
function isTooDeep(text: string): boolean {
	let depth = 0;
	let isInText = false;
	for (let at = 0; at < text.length; at++) {
		const mark = text[at];
		if (isInText) {
			if (mark === "\\") at++;
			else if (mark === '"') isInText = false;
		} else if (mark === '"') isInText = true;
		else if (mark === "[" || mark === "{") depth++;
		else if (mark === "]" || mark === "}") depth--;
		if (depth > DEEPEST) return true;
	}
	return false;
}
