import type { Values } from "../values.ts";
import type { LiveObject } from "./resourceType.ts";

/** Why a resource's operation was refused or given up although the service could be reached. */
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
	| "HeldElsewhere"
	| "NotReplaceable"
	| "LaterState"
	| "UnreadableState";

/** An operation that stopped to protect what is there. Its message is complete as it stands. */
export class ResourceOperationError extends Error {
	override readonly name = "ResourceOperationError";
	readonly code: ResourceErrorCode;

	constructor(code: ResourceErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
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
		this.reasons = [formatWithCode(cause)];
	}

	/** What state is to know of the object. It may hold keys, which whatever prints an error would print. */
	get properties(): Record<string, unknown> {
		return this.#properties;
	}
}

/**
 * The error's message with its code behind it, by which the page on troubleshooting knows it: `… exists already.
 * [AlreadyExists]`. Below a message of several lines it has a line of its own.
 */
export function formatWithCode(error: Error): string {
	const { message } = error;
	if (!("code" in error) || typeof error.code !== "string") return message;
	const label = `[${error.code}]`;
	if (message.endsWith(label)) return message;
	return `${message}${message.includes("\n") ? "\n" : " "}${label}`;
}

/** The service refused to create an object because there is one already. Nothing was changed. */
export class ObjectExists extends Error {
	override readonly name = "ObjectExists";
}

/** The service refused a write because the object has another etag by now. Nothing was changed. */
export class PreconditionFailed extends Error {
	override readonly name = "PreconditionFailed";
}

/** A write was sent and its answer never came, or could not be read: it may have been carried out or not. */
export class ResponseLost extends Error {
	override readonly name = "ResponseLost";
	/** How many milliseconds to wait before anything is sent again. */
	readonly pauseMs: number;
	readonly #intermediateValues: Values | undefined;

	constructor(cause: Error, pause: number, step?: Values) {
		super(cause.message, { cause });
		this.pauseMs = pause;
		this.#intermediateValues = step;
	}

	/**
	 * What the object looks like if the write was carried out, where that is only a step towards what is desired. It may hold
	 * keys, which whatever prints an error would print.
	 */
	get step(): Values | undefined {
		return this.#intermediateValues;
	}
}

/** The first of two writes was carried out and the second was not. */
export class PartiallyApplied<Inputs> extends Error {
	override readonly name = "PartiallyApplied";
	readonly #live: LiveObject<Inputs>;

	constructor(cause: Error, live: LiveObject<Inputs>) {
		super(cause.message, { cause });
		this.#live = live;
	}

	/** The object as the first write left it. It may hold keys, which whatever prints an error would print. */
	get live(): LiveObject<Inputs> {
		return this.#live;
	}
}
