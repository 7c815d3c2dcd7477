import { FleetError } from "./fleet/errors.ts";
import {
	isOfOneRequest,
	isServerFault,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./http/errors.ts";
import { PartialError } from "./lifecycle/errors.ts";
import { HalfDone } from "./lifecycle/outcome.ts";

/** Trouble that may pass by itself. */
const PASSING = "Run the command again when this is over.";
/** A redirect, a page, an error status without any word of the service's own. */
const BETWEEN =
	"The service itself does not answer like this: check the address and any proxy on the way, then run the command again.";

/**
 * What to do about an error that tells what the world did and nothing else; empty where its message says so itself. It is
 * added where an error leaves the provider, for within another error's message it would stand in the way.
 */
export function adviceOn(error: unknown): string {
	if (error instanceof PartialError || error instanceof HalfDone) return adviceOn(error.cause);
	if (error instanceof FleetError) return [...error.failed.values()].map(adviceOn).find(Boolean) ?? "";
	if (error instanceof NotConnected) return error.passing ? PASSING : "";
	if (error instanceof UnreadableAnswer) return BETWEEN;
	if (isOfOneRequest(error)) return PASSING;
	if (!(error instanceof ServiceError)) return "";
	if (isServerFault(error.status) || error.status === 429) return PASSING;
	const isMute = error.serviceCode === "" && error.status !== 401 && error.status !== 403;
	return isMute ? BETWEEN : "";
}
