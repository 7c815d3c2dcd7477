import { withTimeout } from "./deadline.ts";
import { type HttpRequest, type PipelinePolicy, parseHttpDate } from "./pipeline.ts";

/** Authorizes requests. */
export interface Authorizer {
	/** Returns the Authorization header for a request sent now. */
	getAuthorizationHeader(): Promise<string>;
	/**
	 * Called when the service refused the header with 401. Absent if the next header would be the same.
	 *
	 * @param serviceTimeMs the service's clock, in milliseconds since 1970; undefined if the response has no date
	 * @returns whether the next header will differ, so that a retry makes sense
	 */
	handleUnauthorized?(serviceTimeMs: number | undefined): boolean;
}

/** Adds the Authorization header to each request, and retries once after a 401 that a stale token or clock skew explains. */
export function authorizeRequests(authorizer: Authorizer): PipelinePolicy {
	return (next) => async (request) => {
		const response = await next(await addAuthorizationHeader(request, authorizer));
		if (response.status !== 401) return response;
		const hasNewHeader = authorizer.handleUnauthorized?.(parseHttpDate(response.headers["date"])) ?? false;
		return hasNewHeader ? next(await addAuthorizationHeader(request, authorizer)) : response;
	};
}

/** Adds the header. Concurrent requests share a sign-in, which may take longer than the time that this operation has left. */
async function addAuthorizationHeader(request: HttpRequest, authorizer: Authorizer): Promise<HttpRequest> {
	const { deadline, headers } = request;
	const createTimeoutError = () => deadline.createExceededError("the sign-in did not finish");
	const authorization = await withTimeout(
		deadline.getRemainingMs(),
		() => authorizer.getAuthorizationHeader(),
		createTimeoutError,
	);
	return { ...request, headers: { ...headers, authorization } };
}
