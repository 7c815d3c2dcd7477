import { UnreadableAnswer } from "./errors.ts";
import type { PipelinePolicy, HttpResponse } from "./message.ts";
import { redactSecrets } from "./redact.ts";

/**
 * Refuses answers that the service can't have meant: a redirect, which is never followed because a token must not
 * reach another host, and a success that is no JSON, as a proxy's page or a torn transfer is none.
 */
export function requireJsonResponse(): PipelinePolicy {
	return (next) => async (request) => {
		const response = await next(request);
		const isAllowedEmpty = request.allowsEmptyResponse === true && response.text === "" && response.status < 300;
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
