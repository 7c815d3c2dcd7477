import type { Clock } from "./clock.ts";
import {
	ConnectionLost,
	isServerErrorStatus,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./errors.ts";
import type { HttpRequest, HttpResponse, PipelinePolicy, SendRequest } from "./pipeline.ts";

/** The numbers of the retry policy, each with its reason. All times in milliseconds. */
export const RETRY_OPTIONS = {
	/** IoT Hub's throttling text asks for ten seconds and sends no Retry-After. */
	throttledBaseMs: 10_000,
	/** Longer pauses would only idle: meters are counted by the minute. */
	throttledMaxMs: 60_000,
	/** Passing trouble of a gateway is over in seconds. */
	transientBaseMs: 1_000,
	transientMaxMs: 20_000,
	/** Trouble that outlasts half a minute does not pass by itself. */
	maxTransientAttempts: 6,
	/** A refused connection is a wrong host or a service that is down: known soon. */
	maxConnectAttempts: 4,
} as const;

type AttemptOutcome = { readonly response: HttpResponse } | { readonly error: unknown };

/**
 * Sends again what may be sent again: anything that the service said it did not carry out (429) or never saw, and
 * reads after any trouble. A write whose outcome is unknown is never repeated here; its caller settles it by reading.
 */
export function retryRequests(clock: Clock): PipelinePolicy {
	return (next) => async (request) => {
		for (let attemptCount = 1; ; attemptCount++) {
			request.deadline.requireRemainingMs(0);
			const outcome = await attemptRequest(next, request);
			const delayMs = computeRetryDelay(outcome, { request, attemptCount, clock });
			if (delayMs === undefined) return unwrapOutcome(outcome);
			request.deadline.requireRemainingMs(delayMs, describeOutcome(outcome));
			await clock.sleep(delayMs);
		}
	};
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

function describeOutcome(outcome: AttemptOutcome): string {
	if ("response" in outcome) return `the service answered ${outcome.response.status}`;
	return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

interface RetryContext {
	readonly request: HttpRequest;
	readonly attemptCount: number;
	readonly clock: Clock;
}

function computeRetryDelay(outcome: AttemptOutcome, context: RetryContext): number | undefined {
	return "response" in outcome
		? computeDelayAfterResponse(outcome.response, context)
		: computeDelayAfterError(outcome.error, context);
}

function computeDelayAfterResponse(
	response: HttpResponse,
	{ request, attemptCount, clock }: RetryContext,
): number | undefined {
	const { status } = response;
	const isThrottled = status === 429 || (status === 503 && request.repeatable);
	if (isThrottled)
		return parseRetryAfter(response, clock.now()) ?? computeThrottledDelay(attemptCount, clock);
	if (
		!isServerErrorStatus(status) ||
		!request.repeatable ||
		attemptCount >= RETRY_OPTIONS.maxTransientAttempts
	)
		return undefined;
	return computeTransientDelay(attemptCount, clock);
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

/** Ten seconds at least, and a growing random part so that a fleet does not come back all at once. */
function computeThrottledDelay(attemptCount: number, clock: Clock): number {
	return (
		RETRY_OPTIONS.throttledBaseMs +
		pickRandomDelay(
			RETRY_OPTIONS.throttledBaseMs * 2 ** (attemptCount - 1),
			RETRY_OPTIONS.throttledMaxMs - RETRY_OPTIONS.throttledBaseMs,
			clock,
		)
	);
}

function computeTransientDelay(attemptCount: number, clock: Clock): number {
	return pickRandomDelay(
		RETRY_OPTIONS.transientBaseMs * 2 ** (attemptCount - 1),
		RETRY_OPTIONS.transientMaxMs,
		clock,
	);
}

function pickRandomDelay(boundMs: number, maxMs: number, clock: Clock): number {
	return Math.round(clock.random() * Math.min(boundMs, maxMs));
}

/**
 * How many milliseconds the service wants to be left alone, in seconds or as a date (RFC 9110 §10.2.3), or undefined
 * where it does not say.
 *
 * @param now milliseconds since 1970
 */
export function parseRetryAfter({ headers }: Pick<HttpResponse, "headers">, now: number): number | undefined {
	const value = headers["retry-after"];
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
	const dateMs = Date.parse(value);
	return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - now);
}

/** How long a service that is busy is left alone where it does not say, in milliseconds. */
const BUSY_RETRY_DELAY_MS = 10_000;

/**
 * How long to leave a service alone after an error, in milliseconds: as long as it says, and longer than usual where it is
 * busy.
 *
 * @param defaultMs milliseconds where nothing else is known
 */
export function retryDelayAfter(error: Error, defaultMs: number): number {
	if (!(error instanceof ServiceError)) return defaultMs;
	return error.retryAfterMs ?? (error.status === 503 ? BUSY_RETRY_DELAY_MS : defaultMs);
}
