import { withTimeout } from "./deadline.ts";
import type { HttpRequest, PipelinePolicy } from "./pipeline.ts";

/** Something that can put its name to a request. */
export interface Authorizer {
	/** The value of the Authorization header for a request sent now. */
	getAuthorizationHeader(): Promise<string>;
	/**
	 * Hears that the service refused the header as unauthorized.
	 *
	 * @param serviceTimeMs the service's own clock at that moment, in milliseconds since 1970, where it told
	 * @returns whether the next header will be another one, so that a second try makes sense
	 */
	handleUnauthorized(serviceTimeMs: number | undefined): boolean;
}

/** Signs each request as it goes out, and once more where a 401 was only about a stale token or a clock. */
export function authorizeRequests(authorizer: Authorizer): PipelinePolicy {
	return (next) => async (request) => {
		const response = await next(await addAuthorizationHeader(request, authorizer));
		if (response.status !== 401 || !authorizer.handleUnauthorized(parseDateHeader(response.headers["date"])))
			return response;
		return next(await addAuthorizationHeader(request, authorizer));
	};
}

/** A sign-in is shared by all who wait for it, and may take longer than this operation has. */
async function addAuthorizationHeader(request: HttpRequest, authorizer: Authorizer): Promise<HttpRequest> {
	const { deadline, headers } = request;
	const createTimeoutError = () => deadline.createExceededError("the sign-in was not over");
	const authorization = await withTimeout(
		deadline.getRemainingMs(),
		() => authorizer.getAuthorizationHeader(),
		createTimeoutError,
	);
	return { ...request, headers: { ...headers, authorization } };
}

function parseDateHeader(date: string | undefined): number | undefined {
	const timeMs = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(timeMs) ? undefined : timeMs;
}
