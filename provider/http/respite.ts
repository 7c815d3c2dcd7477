import { ServiceError } from "./errors.ts";

/** How long a service that is busy is left alone where it does not say, in milliseconds. */
const BUSY = 10_000;

/**
 * How long to leave a service alone after an error, in milliseconds: as long as it says, and longer than usual where it is
 * busy.
 *
 * @param usual milliseconds where nothing else is known
 */
export function respiteAfter(error: Error, usual: number): number {
	if (!(error instanceof ServiceError)) return usual;
	return error.retryAfter ?? (error.status === 503 ? BUSY : usual);
}
