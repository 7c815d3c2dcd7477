import { UnreadableAnswer } from "./errors.ts";
import type { Policy, Response } from "./message.ts";

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
	const type = headers["content-type"] ?? "no content type";
	return `the answer (${status}, ${type}, ${text.length} characters) is no JSON: a proxy's page or a torn transfer`;
}

/** The answer's JSON value, or undefined where it has none. */
export function jsonOf({ text }: Response): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
