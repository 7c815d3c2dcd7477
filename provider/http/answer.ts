import { isRequestFailure } from "./errors.ts";
import { parseJsonBody } from "./legible.ts";
import type { HttpResponse } from "./message.ts";

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
export async function withOperationName<Result>(operationName: string, work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (isRequestFailure(error) && !error.message.startsWith(operationName)) {
			error.message = `${operationName} failed: ${error.message}`;
		}
		throw error;
	}
}
