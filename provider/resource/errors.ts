import type { Values } from "../values.ts";
import type { LiveObject } from "./resourceType.ts";

/** Why an operation was refused or aborted although the service could be reached. */
export type ResourceErrorCode =
	| "AlreadyExists"
	| "DeclaredTwice"
	| "ChangedElsewhere"
	| "DeletedElsewhere"
	| "RecreatedElsewhere"
	| "DriftRefused"
	| "OutcomeUnknown"
	| "LimitReached"
	| "AddressWithheld"
	| "KeysWithheld"
	| "HeldElsewhere"
	| "NotReplaceable"
	| "IdentityMismatch"
	| "LaterState"
	| "UnreadableState";

/** An operation that stopped to protect an object. */
export class ResourceOperationError extends Error {
	override readonly name = "ResourceOperationError";
	readonly code: ResourceErrorCode;
	/** What to do, if the message does not say so: the errors of a fleet's members share their advice. Default: empty. */
	readonly advice: string;

	constructor(code: ResourceErrorCode, message: string, cause?: unknown, advice = "") {
		super(message, { cause });
		this.code = code;
		this.advice = advice;
	}
}

/**
 * An object that exists but is not as declared. Pulumi records `id` and `properties` instead of losing the object,
 * fails the run with `reasons`, and updates the object in the next run
 * (pulumi/pulumi `sdk/nodejs/cmd/dynamic-provider`, `ErrorResourceInitFailed`).
 */
export class PartialError extends Error {
	override readonly name = "PartialError";
	readonly id: string;
	readonly #properties: Record<string, unknown>;
	readonly reasons: string[];

	constructor(id: string, properties: Record<string, unknown>, cause: Error) {
		super(cause.message, { cause });
		this.id = id;
		this.#properties = properties;
		const reason = cause instanceof PartiallyApplied && cause.cause instanceof Error ? cause.cause : cause;
		this.reasons = [formatWithCode(reason)];
	}

	/** The object's outputs. They may contain keys, so the field is private: error loggers do not print it. */
	get properties(): Record<string, unknown> {
		return this.#properties;
	}
}

/**
 * Formats the error's message with its code, under which the troubleshooting page lists it: `… exists already. [AlreadyExists]`.
 * After a message of several lines, the code is on a line of its own.
 */
export function formatWithCode(error: Error): string {
	const { message } = error;
	if (!("code" in error) || typeof error.code !== "string") return message;
	const label = `[${error.code}]`;
	if (message.endsWith(label)) return message;
	return `${message}${message.includes("\n") ? "\n" : " "}${label}`;
}

/** The service refused to create an object that already exists. Nothing was changed. */
export class ObjectExists extends Error {
	override readonly name = "ObjectExists";
	/** The id of the existing object, if the service assigns ids and the id is known. */
	readonly id: string | undefined;
	/** How to adopt the object, if nothing proves which object it is and `adopt: true` is therefore not sufficient. */
	readonly adoptAdvice: string | undefined;

	constructor(
		message: string,
		{ cause, id, adoptAdvice }: { cause?: unknown; id?: string | undefined; adoptAdvice?: string } = {},
	) {
		super(message, { cause });
		this.id = id;
		this.adoptAdvice = adoptAdvice;
	}
}

/** The service refused a write because the object has another etag. Nothing was changed. */
export class PreconditionFailed extends Error {
	override readonly name = "PreconditionFailed";
}

/** The response to a write did not arrive, or could not be read: the write may or may not have been applied. */
export class ResponseLost extends Error {
	override readonly name = "ResponseLost";
	/** How many milliseconds to wait before the next request. */
	readonly pauseMs: number;
	/** The error to report if the write was not applied and must not be sent again; undefined if it may be sent again. */
	readonly refusal: Error | undefined;
	readonly #intermediateValues: Values | undefined;

	/** @param options `step` and `refusal`, see there */
	constructor(
		cause: Error,
		pause: number,
		{ step, refusal }: { readonly step?: Values; readonly refusal?: Error | undefined } = {},
	) {
		super(cause.message, { cause });
		this.pauseMs = pause;
		this.refusal = refusal;
		this.#intermediateValues = step;
	}

	/**
	 * The values of the object if the write was applied, for a write that is only the first of two. They may contain keys, so the field
	 * is private: error loggers do not print it.
	 */
	get step(): Values | undefined {
		return this.#intermediateValues;
	}
}

/** The first of two writes was applied and the second was not. */
export class PartiallyApplied<Inputs> extends Error {
	override readonly name = "PartiallyApplied";
	readonly #live: LiveObject<Inputs>;

	constructor(cause: Error, live: LiveObject<Inputs>) {
		super(cause.message, { cause });
		this.#live = live;
	}

	/** The object as the first write left it. It may contain keys, so the field is private: error loggers do not print it. */
	get live(): LiveObject<Inputs> {
		return this.#live;
	}
}
