import { FleetError } from "./fleet/reporting.ts";
import {
	isRequestFailure,
	isServerErrorStatus,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./http/errors.ts";
import { formatWithCode, PartialError, PartiallyApplied } from "./resource/errors.ts";
import { toPrintable } from "./text/sanitize.ts";

/** What the error's reader must be told besides its message. */
interface FailedResource {
	/** The type of the resource: `DeviceIdentity`. */
	readonly typeName: string;
	/** The stored text of the resource, which must be among the properties of a half-made object. */
	readonly storedText: unknown;
}

/**
 * Makes an error fit for Pulumi's provider host, which sends the message to the engine and, for some methods, prints
 * `${error}: ${error.stack}` as well. The engine shows the message with the resource; what is printed is kept to a
 * pointer at it, so that the user reads it once. Behind the message stand what to do, where it does not say that itself,
 * and the code, for the page on troubleshooting; nothing in it is left that a terminal would obey. A fault of ours keeps
 * its stack.
 */
export function prepareErrorForHost(error: unknown, { typeName, storedText }: FailedResource): unknown {
	if (!(error instanceof Error)) return error;
	if (error instanceof PartialError) error.properties["__provider"] = storedText;
	completeMessage(error);
	if (isProgrammingError(error)) return error;
	error.stack = "failed; the error stands with its resource";
	// One failed sign-in may fail many resources with one error.
	return Object.defineProperty(error, "toString", { value: () => typeName, configurable: true });
}

/**
 * Makes an error fit for whoever called a function of ours, in a program or for a report: the same stands behind its
 * message, and its stack, which tells where it was called, begins with the same words.
 */
export function prepareErrorForUser(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	const { message, stack } = error;
	completeMessage(error);
	if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
	return error;
}

function completeMessage(error: Error): void {
	appendAdvice(error);
	error.message = toPrintable(error.message);
	if (error instanceof PartialError)
		error.reasons.splice(0, error.reasons.length, ...error.reasons.map(toPrintable));
	if (!isProgrammingError(error)) error.message = formatWithCode(error);
}

function appendAdvice(error: Error): void {
	const advice = findAdvice(error);
	if (advice === "" || error.message.includes(advice)) return;
	error.message = joinSentences(error.message, advice);
	if (!(error instanceof PartialError) || !(error.cause instanceof Error)) return;
	error.cause.message = error.message;
	error.reasons.splice(0, 1, formatWithCode(error.cause));
}

/** Sentences follow each other on a line, and below a list. */
function joinSentences(message: string, advice: string): string {
	if (message.includes("\n")) return `${message}\n${advice}`;
	return `${message}${/[.!?]$/.test(message) ? " " : ". "}${advice}`;
}

function isProgrammingError(error: Error): boolean {
	return [TypeError, RangeError, ReferenceError, SyntaxError].some((fault) => error instanceof fault);
}

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
