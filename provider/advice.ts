import { FleetError } from "./fleet/errors.ts";
import {
	isRequestFailure,
	isServerErrorStatus,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./http/errors.ts";
import { PartialError } from "./lifecycle/errors.ts";
import { PartiallyApplied } from "./lifecycle/outcome.ts";

/** Trouble that may pass by itself. */
const RETRY_ADVICE = "Run the command again when this is over.";
/** A redirect, a page, an error status without any word of the service's own. */
const PROXY_ADVICE =
	"The service itself does not answer like this: check the address and any proxy on the way, then run the command again.";

/**
 * What to do about an error that tells what the world did and nothing else; empty where its message says so itself. It is
 * added where an error leaves the provider, for within another error's message it would stand in the way.
 */
export function findAdvice(error: unknown): string {
	if (error instanceof PartialError || error instanceof PartiallyApplied) return findAdvice(error.cause);
	if (error instanceof FleetError) return [...error.failed.values()].map(findAdvice).find(Boolean) ?? "";
	if (error instanceof NotConnected) return error.isTransient ? RETRY_ADVICE : "";
	if (error instanceof UnreadableAnswer) return PROXY_ADVICE;
	if (isRequestFailure(error)) return RETRY_ADVICE;
	if (!(error instanceof ServiceError)) return "";
	if (isServerErrorStatus(error.status) || error.status === 429) return RETRY_ADVICE;
	const hasNoServiceCode = error.serviceCode === "" && error.status !== 401 && error.status !== 403;
	return hasNoServiceCode ? PROXY_ADVICE : "";
}
