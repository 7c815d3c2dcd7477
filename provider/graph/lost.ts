import { ServiceError } from "../http/errors.ts";
import { AnswerLost } from "../lifecycle/outcome.ts";

/** Milliseconds before anything is looked at or sent again after a lost answer: a service that is busy wants longer. */
const PAUSE = 2_000;
const BUSY_PAUSE = 10_000;

/** How long to leave the service alone after this, in milliseconds. */
export function pauseAfter(error: Error): number {
	if (!(error instanceof ServiceError)) return PAUSE;
	return error.retryAfter ?? (error.status === 503 ? BUSY_PAUSE : PAUSE);
}

/** A write that may have been carried out or not, as a lifecycle is told of it. */
export function answerLost(error: Error): AnswerLost {
	return new AnswerLost(error, pauseAfter(error));
}
