import { formatDuration } from "../text/quantities.ts";
import { type Clock, sleepUnlessAborted } from "./clock.ts";
import { ConnectionLost, isServerErrorStatus, NotConnected, UnreadableAnswer } from "./errors.ts";
import type { HttpRequest, HttpResponse, PipelinePolicy, SendRequest } from "./pipeline.ts";
import { MIN_RETRY_AFTER_MS, parseRetryAfter } from "./retryAfter.ts";

/** The numbers of the retry policy, each with its reason. */
export const RETRY_OPTIONS = {
	/** IoT Hub's throttling error asks for ten seconds in its text and has no Retry-After. */
	throttledBaseMs: 10_000,
	/** Longer delays are useless: services count requests per minute. */
	throttledMaxMs: 60_000,
	/** Transient failures of a gateway last seconds. */
	transientBaseMs: 1_000,
	transientMaxMs: 20_000,
	/** A failure that lasts longer than half a minute is not transient. */
	maxTransientAttempts: 6,
	/** A refused connection means a wrong host or a service that is down; a few attempts are enough. */
	maxConnectAttempts: 4,
} as const;

type AttemptOutcome = { readonly response: HttpResponse } | { readonly error: unknown };

/**
 * Retries requests if that is safe: those that the service refused (429) or never received, and reads after any failure.
 * A write whose outcome is unknown is never retried here; the caller resolves it by reading.
 */
export function retryRequests(clock: Clock): PipelinePolicy {
	return (next) => async (request) => {
		for (let attemptCount = 1; ; attemptCount++) {
			request.deadline.requireRemainingMs(0);
			const outcome = await attemptRequest(next, request);
			const delay = computeRetryDelay(outcome, { request, attemptCount, clock });
			if (delay === undefined) return unwrapOutcome(outcome);
			requireTimeToRetry(request, { delay, outcome });
			await sleepUnlessAborted(clock, delay.milliseconds, request.signal);
		}
	};
}

/** The delay before the next attempt. */
interface RetryDelay {
	readonly milliseconds: number;
	/** The wait that the service asks for, in milliseconds; undefined if it does not ask for any. */
	readonly requestedMs?: number | undefined;
}

/**
 * Throws unless the operation has time for the delay: LongWaitRequired if even the whole operation would not have it, or else
 * DeadlineExceeded, with the scope of the error that it gives up on.
 */
function requireTimeToRetry(
	{ deadline, repeatable }: HttpRequest,
	{ delay, outcome }: { delay: RetryDelay; outcome: AttemptOutcome },
): void {
	const { milliseconds, requestedMs } = delay;
	if (requestedMs !== undefined && "response" in outcome) {
		const request = { status: outcome.response.status, isUnwritten: !repeatable };
		const longWait = deadline.createLongWaitError(requestedMs, request);
		if (longWait !== undefined) throw longWait;
	}
	if (deadline.getRemainingMs() > milliseconds) return;
	const exceeded = deadline.createExceededError(describeOutcome(outcome, requestedMs));
	if ("error" in outcome && outcome.error instanceof NotConnected) exceeded.scope = outcome.error.scope;
	throw exceeded;
}

async function attemptRequest(next: SendRequest, request: HttpRequest): Promise<AttemptOutcome> {
	try {
		return { response: await next(request) };
	} catch (error) {
		return { error };
	}
}

function unwrapOutcome(outcome: AttemptOutcome): HttpResponse {
	if ("error" in outcome) throw outcome.error;
	return outcome.response;
}

function describeOutcome(outcome: AttemptOutcome, requestedMs: number | undefined): string {
	if ("response" in outcome) {
		const wait = requestedMs ? ` and asks to wait ${formatDuration(requestedMs / 1_000)}` : "";
		return `the service responded with ${outcome.response.status}${wait}`;
	}
	return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

interface RetryContext {
	readonly request: HttpRequest;
	readonly attemptCount: number;
	readonly clock: Clock;
}

function computeRetryDelay(outcome: AttemptOutcome, context: RetryContext): RetryDelay | undefined {
	if ("response" in outcome) return computeDelayAfterResponse(outcome.response, context);
	const milliseconds = computeDelayAfterError(outcome.error, context);
	return milliseconds === undefined ? undefined : { milliseconds };
}

function computeDelayAfterResponse(
	response: HttpResponse,
	{ request, attemptCount, clock }: RetryContext,
): RetryDelay | undefined {
	const { status } = response;
	const isThrottled = status === 429 || (status === 503 && request.repeatable);
	const canRetry =
		isThrottled ||
		(isServerErrorStatus(status) && request.repeatable && attemptCount < RETRY_OPTIONS.maxTransientAttempts);
	if (!canRetry) return undefined;
	const requestedMs = parseRetryAfter(response, clock.getWallTime());
	if (requestedMs !== undefined)
		return { milliseconds: computeRequestedDelay(requestedMs, attemptCount, clock), requestedMs };
	const computeDelay = isThrottled ? computeThrottledDelay : computeTransientDelay;
	return { milliseconds: computeDelay(attemptCount, clock) };
}

function computeDelayAfterError(
	error: unknown,
	{ request, attemptCount, clock }: RetryContext,
): number | undefined {
	if (error instanceof NotConnected) {
		return error.isTransient && attemptCount < RETRY_OPTIONS.maxConnectAttempts
			? computeTransientDelay(attemptCount, clock)
			: undefined;
	}
	const isResponseLost = error instanceof ConnectionLost || error instanceof UnreadableAnswer;
	return isResponseLost && request.repeatable && attemptCount < RETRY_OPTIONS.maxTransientAttempts
		? computeTransientDelay(attemptCount, clock)
		: undefined;
}

/**
 * Returns at least the delay that the service asks for, plus a random part, so that callers that were refused together do not return
 * together. A service that asks for no delay (`Retry-After: 0`, a date in the past) and refuses again gets a delay that doubles.
 */
export function computeRequestedDelay(
	requestedMs: number,
	attemptCount: number,
	clock: Pick<Clock, "random">,
): number {
	const floorMs = Math.min(MIN_RETRY_AFTER_MS * 2 ** (attemptCount - 1), RETRY_OPTIONS.throttledBaseMs);
	return Math.max(requestedMs, floorMs) + pickRandomDelay(floorMs, floorMs, clock);
}

/** Returns at least ten seconds plus a growing random part, so that the members of a fleet do not retry all at once. */
export function computeThrottledDelay(attemptCount: number, clock: Pick<Clock, "random">): number {
	return (
		RETRY_OPTIONS.throttledBaseMs +
		pickRandomDelay(
			RETRY_OPTIONS.throttledBaseMs * 2 ** (attemptCount - 1),
			RETRY_OPTIONS.throttledMaxMs - RETRY_OPTIONS.throttledBaseMs,
			clock,
		)
	);
}

/** Returns at least half of a delay that doubles up to a maximum. The other half is random. */
export function computeTransientDelay(attemptCount: number, clock: Pick<Clock, "random">): number {
	const halfMs =
		Math.min(RETRY_OPTIONS.transientBaseMs * 2 ** (attemptCount - 1), RETRY_OPTIONS.transientMaxMs) / 2;
	return Math.round(halfMs) + pickRandomDelay(halfMs, halfMs, clock);
}

function pickRandomDelay(boundMs: number, maxMs: number, clock: Pick<Clock, "random">): number {
	return Math.round(clock.random() * Math.min(boundMs, maxMs));
}
