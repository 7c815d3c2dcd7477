import { retryDelayAfter } from "../http/respite.ts";
import { ResponseLost } from "../lifecycle/outcome.ts";

/** Milliseconds before anything is looked at or sent again after a lost answer. */
const LOST_RESPONSE_RETRY_DELAY_MS = 2_000;

/** How long to leave the service alone after this, in milliseconds. */
export function getLostResponseDelay(error: Error): number {
	return retryDelayAfter(error, LOST_RESPONSE_RETRY_DELAY_MS);
}

/** A write that may have been carried out or not, as a lifecycle is told of it. */
export function createResponseLost(error: Error): ResponseLost {
	return new ResponseLost(error, getLostResponseDelay(error));
}
