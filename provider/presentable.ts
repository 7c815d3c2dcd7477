import { adviceOn } from "./advice.ts";
import { printable } from "./http/printable.ts";
import { labelled, PartialError } from "./lifecycle/errors.ts";

/** What the error's reader must be told besides its message. */
interface Origin {
	/** The type of the resource: `DeviceIdentity`. */
	readonly title: string;
	/** The stored text of the resource, which must be among the properties of a half-made object. */
	readonly provider: unknown;
}

/**
 * Makes an error fit for Pulumi's provider host, which sends the message to the engine and, for some methods, prints
 * `${error}: ${error.stack}` as well. The engine shows the message with the resource; what is printed is kept to a
 * pointer at it, so that the user reads it once. Behind the message stand what to do, where it does not say that itself,
 * and the code, for the page on troubleshooting; nothing in it is left that a terminal would obey. A fault of ours keeps
 * its stack.
 */
export function presentable(error: unknown, { title, provider }: Origin): unknown {
	if (!(error instanceof Error)) return error;
	if (error instanceof PartialError) error.properties["__provider"] = provider;
	explain(error);
	if (isFault(error)) return error;
	error.stack = "failed; the error stands with its resource";
	// One failed sign-in may fail many resources with one error.
	return Object.defineProperty(error, "toString", { value: () => title, configurable: true });
}

/**
 * Makes an error fit for whoever called a function of ours, in a program or for a report: the same stands behind its
 * message, and its stack, which tells where it was called, begins with the same words.
 */
export function explained(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	const { message, stack } = error;
	explain(error);
	if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
	return error;
}

function explain(error: Error): void {
	advise(error);
	error.message = printable(error.message);
	if (error instanceof PartialError)
		error.reasons.splice(0, error.reasons.length, ...error.reasons.map(printable));
	if (!isFault(error)) error.message = labelled(error);
}

function advise(error: Error): void {
	const advice = adviceOn(error);
	if (advice === "" || error.message.includes(advice)) return;
	error.message = joined(error.message, advice);
	if (!(error instanceof PartialError) || !(error.cause instanceof Error)) return;
	error.cause.message = error.message;
	error.reasons.splice(0, 1, labelled(error.cause));
}

/** Sentences follow each other on a line, and below a list. */
function joined(message: string, advice: string): string {
	if (message.includes("\n")) return `${message}\n${advice}`;
	return `${message}${/[.!?]$/.test(message) ? " " : ". "}${advice}`;
}

function isFault(error: Error): boolean {
	return [TypeError, RangeError, ReferenceError, SyntaxError].some((fault) => error instanceof fault);
}
