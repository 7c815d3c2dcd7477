import { type Clock, sleepUnlessAborted } from "./clock.ts";
import {
	ConnectionLost,
	isServerErrorStatus,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./errors.ts";
import {
	type HttpRequest,
	type HttpResponse,
	type PipelinePolicy,
	parseHttpDate,
	type SendRequest,
} from "./pipeline.ts";

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
			const delayMs = computeRetryDelay(outcome, { request, attemptCount, clock });
			if (delayMs === undefined) return unwrapOutcome(outcome);
			requireTimeToRetry(request, { delayMs, outcome });
			await sleepUnlessAborted(clock, delayMs, request.signal);
		}
	};
}

/** Throws DeadlineExceeded unless the operation has time for the delay. It has the scope of the error that it gives up on. */
function requireTimeToRetry(
	{ deadline }: HttpRequest,
	{ delayMs, outcome }: { delayMs: number; outcome: AttemptOutcome },
): void {
	if (deadline.getRemainingMs() > delayMs) return;
	const exceeded = deadline.createExceededError(describeOutcome(outcome));
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

function describeOutcome(outcome: AttemptOutcome): string {
	if ("response" in outcome) return `the service responded with ${outcome.response.status}`;
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

/** Returns at least ten seconds plus a growing random part, so that the members of a fleet do not retry all at once. */
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
 * Returns the milliseconds that Retry-After asks for, in seconds or as a date (RFC 9110 §10.2.3); undefined if the header
 * is absent or invalid.
 *
 * @param now milliseconds since 1970
 */
export function parseRetryAfter({ headers }: Pick<HttpResponse, "headers">, now: number): number | undefined {
	const value = headers["retry-after"];
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
	const dateMs = parseHttpDate(value);
	return dateMs === undefined ? undefined : Math.max(0, dateMs - now);
}

/** Delay after a 503 without Retry-After, in milliseconds. */
const BUSY_RETRY_DELAY_MS = 10_000;

/**
 * Returns how many milliseconds to wait after an error: as long as the service asks, and longer than usual after a 503.
 *
 * @param defaultMs the delay after all other errors
 */
export function retryDelayAfter(error: Error, defaultMs: number): number {
	if (!(error instanceof ServiceError)) return defaultMs;
	return error.retryAfterMs ?? (error.status === 503 ? BUSY_RETRY_DELAY_MS : defaultMs);
}
