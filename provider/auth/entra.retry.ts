import type { TokenCredentialOptions } from "@azure/identity";
import type { Clock } from "../http/clock.ts";
import { isServerErrorStatus } from "../http/errors.ts";
import { computeRequestedDelay, computeThrottledDelay, computeTransientDelay } from "../http/retry.ts";
import { parseRetryAfter } from "../http/retryAfter.ts";

/** How often a sign-in is attempted if its failure is transient: as often as `@azure/identity` does by itself. */
export const MAX_SIGN_IN_ATTEMPTS = 4;

/** Codes of connection errors after which a retry can succeed, as in `@azure/core-rest-pipeline`. */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
	"ECONNREFUSED",
	"ECONNRESET",
	"EAI_AGAIN",
	"ENOTFOUND",
	"EPIPE",
	"ESOCKETTIMEDOUT",
	"ETIMEDOUT",
]);

/** A failure after which a retry can succeed. */
export interface TransientFailure {
	/** The status of the response; undefined if there was none. */
	readonly status?: number;
	/** The wait that Retry-After asks for, in milliseconds. */
	readonly requestedMs?: number | undefined;
}

type PipelinePolicy = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number]["policy"];

/** The part of the options of a credential that observes its requests. */
export type ObservedOptions = Required<Pick<TokenCredentialOptions, "retryOptions" | "additionalPolicies">>;

/**
 * Observes the requests of one sign-in. The library's own retries are turned off: they repeat a request at once after `Retry-After: 0`,
 * wait for any time that the service asks for, and go by the time of day.
 */
export class SignInObserver {
	/** The failure of the latest request; undefined if it succeeded or if a retry cannot succeed. */
	failure: TransientFailure | undefined;
	/** Options for the credential. */
	readonly options: ObservedOptions;

	constructor(clock: Pick<Clock, "getWallTime">) {
		const policy: PipelinePolicy = {
			name: "observeSignIn",
			sendRequest: async (request, next) => {
				this.failure = undefined;
				try {
					const response = await next(request);
					const { status } = response;
					if (status === 429 || isServerErrorStatus(status)) {
						const requestedMs = parseRetryAfter({ headers: response.headers.toJSON() }, clock.getWallTime());
						this.failure = { status, requestedMs };
					}
					return response;
				} catch (error) {
					const isTransient = error instanceof Error && "code" in error && TRANSIENT_CODES.has(error.code);
					this.failure = isTransient ? {} : undefined;
					throw error;
				}
			},
		};
		this.options = { retryOptions: { maxRetries: 0 }, additionalPolicies: [{ policy, position: "perCall" }] };
	}
}

/** Returns the delay before the next attempt, in milliseconds; undefined if there is none. */
export function computeSignInDelay(
	failure: TransientFailure | undefined,
	attemptCount: number,
	clock: Pick<Clock, "random">,
): number | undefined {
	if (failure === undefined || attemptCount >= MAX_SIGN_IN_ATTEMPTS) return undefined;
	const { status, requestedMs } = failure;
	if (requestedMs !== undefined) return computeRequestedDelay(requestedMs, attemptCount, clock);
	return (status === 429 ? computeThrottledDelay : computeTransientDelay)(attemptCount, clock);
}
