import { respiteAfter } from "../http/respite.ts";
import { AnswerLost } from "../lifecycle/outcome.ts";

/** Milliseconds before anything is looked at or sent again after a lost answer. */
const PAUSE = 2_000;

/** How long to leave the service alone after this, in milliseconds. */
export function pauseAfter(error: Error): number {
	return respiteAfter(error, PAUSE);
}

/** A write that may have been carried out or not, as a lifecycle is told of it. */
export function answerLost(error: Error): AnswerLost {
	return new AnswerLost(error, pauseAfter(error));
}
