import type { Deadline } from "./deadline.ts";
import { type LongWaitRequired, ServiceError } from "./errors.ts";
import { type HttpResponse, parseHttpDate } from "./pipeline.ts";

/** The shortest delay after a response with Retry-After, in milliseconds, even if that is 0 or in the past. */
export const MIN_RETRY_AFTER_MS = 1_000;

/**
 * Returns the milliseconds that Retry-After asks for, in seconds or as a date (RFC 9110 §10.2.3); undefined if the header is absent or
 * invalid. A date is compared with the `Date` of the same response, so that a wrong clock of this machine changes nothing.
 *
 * @param wallTimeMs the time of this machine, for a response without `Date`, in milliseconds since 1970
 */
export function parseRetryAfter(
	{ headers }: Pick<HttpResponse, "headers">,
	wallTimeMs: number,
): number | undefined {
	const value = headers["retry-after"]?.trim();
	if (value === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1_000, Number.MAX_SAFE_INTEGER);
	const dateMs = parseHttpDate(value);
	return dateMs === undefined
		? undefined
		: Math.max(0, dateMs - (parseHttpDate(headers["date"]) ?? wallTimeMs));
}

/** Delay after a 503 without Retry-After, in milliseconds. */
const BUSY_RETRY_DELAY_MS = 10_000;
/** Longest delay after a write without an outcome, in milliseconds: the read that follows finds out whether the service still refuses. */
const MAX_OUTCOME_DELAY_MS = 60_000;

/**
 * Returns how many milliseconds to wait before the outcome of a write is read: as long as the service asks, up to a minute, and longer
 * than usual after a 503.
 *
 * @param defaultMs the delay after all other errors, which is also the shortest one
 */
export function retryDelayAfter(error: Error, defaultMs: number): number {
	if (!(error instanceof ServiceError)) return defaultMs;
	if (error.retryAfterMs !== undefined)
		return Math.min(Math.max(error.retryAfterMs, defaultMs), MAX_OUTCOME_DELAY_MS);
	return error.status === 503 ? BUSY_RETRY_DELAY_MS : defaultMs;
}

/**
 * Returns the error to report if a failed write turns out not to be applied and must not be sent again, because the service asks to wait
 * longer than the whole operation may take; undefined if it may be sent again.
 */
export function findLongWait(error: Error, deadline: Deadline): LongWaitRequired | undefined {
	if (!(error instanceof ServiceError) || error.retryAfterMs === undefined) return undefined;
	const longWait = deadline.createLongWaitError(error.retryAfterMs, {
		status: error.status,
		isUnwritten: true,
	});
	if (longWait === undefined) return undefined;
	const { message } = longWait;
	longWait.message = `${error.message.replace(/\.?$/, ".")} ${message.charAt(0).toUpperCase()}${message.slice(1)}`;
	return longWait;
}
