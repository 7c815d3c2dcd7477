import { FleetError } from "./fleet/reporting.ts";
import {
	isRequestFailure,
	isServerErrorStatus,
	LongWaitRequired,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./http/errors.ts";
import type { CheckResult } from "./resource/check.ts";
import { formatWithCode, PartialError, PartiallyApplied, ResourceOperationError } from "./resource/errors.ts";
import { findSharedFault, RepeatedFault } from "./sharedFault.ts";
import { toPrintable } from "./text/sanitize.ts";

/** The resource whose operation failed. */
interface FailedResource {
	/** The resource's type: `DeviceIdentity`. */
	readonly typeName: string;
	/** The resource's stored text, which a partially created object needs in its properties to be updated later. */
	readonly storedText: unknown;
}

/** The text that the host prints in addition to an error, unless {@link silenceReferences} suppresses it. */
const REFERENCE = "failed; see the error reported for this resource";

/**
 * Prepares an error for Pulumi's provider host. It changes and returns the same error, whose class and properties the host
 * needs. The message gets advice (unless it contains it already) and the code, and loses control characters.
 *
 * The host sends the message to the engine, which shows it with the resource. For `check`, `diff`, `read` and `delete` it also prints
 * `${error}: ${error.stack}` (`sdk/nodejs/cmd/dynamic-provider`); that text is reduced to a reference, which is not printed. A bug
 * keeps its stack.
 */
export function prepareErrorForHost(error: unknown, { typeName, storedText }: FailedResource): unknown {
	if (!(error instanceof Error)) return error;
	if (error instanceof PartialError) error.properties["__provider"] = storedText;
	completeMessage(error);
	if (isProgrammingError(error)) return error;
	error.stack = REFERENCE;
	// One failed sign-in may fail many resources with the same error, so this property may be set already.
	return Object.defineProperty(error, "toString", { value: () => typeName, configurable: true });
}

/** The code for inputs that a check rejects. */
type FailureCode = "InvalidInput";

const FAILURE_CODE: FailureCode = "InvalidInput";

/** Appends the code to the reasons of a check that have none: Pulumi prints each of them as an error. */
export function addFailureCodes(result: CheckResult): CheckResult {
	for (const failure of result.failures)
		if (!/ \[[A-Z][A-Za-z]+\]$/.test(failure.reason)) failure.reason += ` [${FAILURE_CODE}]`;
	return result;
}

/** Stops the host from printing references to errors, which the engine shows anyway. Everything else is still printed. */
export function silenceReferences(target: Pick<Console, "error">): void {
	const print = target.error.bind(target);
	target.error = (...args: unknown[]) => {
		const [text, ...others] = args;
		const isReference = others.length === 0 && typeof text === "string" && text.endsWith(`: ${REFERENCE}`);
		if (!isReference) print(...args);
	};
}

/**
 * Prepares an error for the caller of one of our functions, in a program or for a report. It changes and returns the same
 * error: the message gets advice and the code, and the stack, which shows the call, begins with the new message.
 */
export function prepareErrorForUser(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	const { message, stack } = error;
	completeMessage(error);
	if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
	return error;
}

function completeMessage(error: Error): void {
	reportSharedFaults(error);
	appendAdvice(error);
	error.message = toPrintable(error.message);
	if (error instanceof PartialError)
		error.reasons.splice(0, error.reasons.length, ...error.reasons.map(toPrintable));
	if (!isProgrammingError(error)) error.message = formatWithCode(error);
}

/**
 * Shows a shared fault to the user once: a repetition includes its message only if no earlier error did. An error that its caller
 * handled does not count, since the user never saw it.
 */
function reportSharedFaults(error: Error): void {
	if (error instanceof RepeatedFault && !error.fault.isReported) error.includeFault();
	const fleetError = error instanceof PartialError ? error.cause : error;
	const errors = fleetError instanceof FleetError ? [...fleetError.failed.values()] : [error];
	for (const fault of new Set(errors.map(findSharedFault))) {
		if (fault !== undefined) fault.isReported = true;
	}
}

function appendAdvice(error: Error): void {
	const advice = findAdvice(error);
	if (advice === "" || error.message.includes(advice)) return;
	error.message = joinSentences(error.message, advice);
	if (!(error instanceof PartialError) || !(error.cause instanceof Error)) return;
	error.cause.message = error.message;
	error.reasons.splice(0, 1, formatWithCode(error.cause));
}

/** Appends a sentence to a message: on the same line, or below a list. */
function joinSentences(message: string, advice: string): string {
	if (message.includes("\n")) return `${message}\n${advice}`;
	return `${message}${/[.!?]$/.test(message) ? " " : ". "}${advice}`;
}

function isProgrammingError(error: Error): boolean {
	return [TypeError, RangeError, ReferenceError, SyntaxError].some(
		(errorClass) => error instanceof errorClass,
	);
}

/** Advice for problems that may go away on their own. */
const RETRY_ADVICE = "Run the command again once the problem is resolved.";
/** Advice for a redirect, an HTML page, or an error status without a message from the service. */
const PROXY_ADVICE =
	"The service itself does not send such a response: check the address and any proxy in between, then run the command again.";

/**
 * Returns the remedy for an error; empty if the message contains one or none is known. It is appended only when an error
 * leaves the provider, because it would be misplaced inside the message of another error.
 */
function findAdvice(error: unknown): string {
	if (error instanceof PartialError || error instanceof PartiallyApplied) return findAdvice(error.cause);
	if (error instanceof RepeatedFault)
		return error.message.includes(error.fault.message) ? findAdvice(error.fault) : "";
	if (error instanceof ResourceOperationError) return error.advice;
	if (error instanceof FleetError) return findFleetAdvice([...error.failed.values()]);
	if (error instanceof NotConnected) return error.isTransient ? RETRY_ADVICE : "";
	if (error instanceof UnreadableAnswer) return PROXY_ADVICE;
	if (error instanceof LongWaitRequired) return "";
	if (isRequestFailure(error)) return RETRY_ADVICE;
	if (!(error instanceof ServiceError)) return "";
	if (isServerErrorStatus(error.status) || error.status === 429) return RETRY_ADVICE;
	const hasNoServiceCode = error.serviceCode === "" && error.status !== 401 && error.status !== 403;
	return hasNoServiceCode ? PROXY_ADVICE : "";
}

/** Returns the advice for the failed members of a fleet: that of all refusals; without refusals, that of the first error with advice. */
function findFleetAdvice(errors: readonly Error[]): string {
	const refusals = errors.filter((error) => error instanceof ResourceOperationError);
	const advice = [...new Set(refusals.map(findAdvice).filter(Boolean))];
	return advice.length > 0 ? advice.join("\n") : (errors.map(findMemberAdvice).find(Boolean) ?? "");
}

/** Returns the remedy for the error of a member; for a repeated fault, which a fleet's message shows once, the remedy for the fault. */
function findMemberAdvice(error: Error): string {
	return findAdvice(error instanceof RepeatedFault ? error.fault : error);
}
