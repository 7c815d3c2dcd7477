import { isOfOneRequest } from "./errors.ts";
import { jsonOf } from "./legible.ts";
import type { Response } from "./message.ts";

/** A successful answer. */
export interface Answer {
	/** The body's JSON value; undefined where there is no body. */
	readonly json: unknown;
	readonly headers: Response["headers"];
}

/** What a successful response has to say. */
export function answerOf(response: Response): Answer {
	return { json: jsonOf(response), headers: response.headers };
}

/**
 * What broke on the way is told with what it was for; errors of a sign-in belong to nobody and stay as they are.
 *
 * @param what `reading device "gw-1"`
 */
export async function named<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (isOfOneRequest(error) && !error.message.startsWith(what)) {
			error.message = `${what} failed: ${error.message}`;
		}
		throw error;
	}
}
