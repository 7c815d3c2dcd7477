import { ServiceError } from "./errors.ts";

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
