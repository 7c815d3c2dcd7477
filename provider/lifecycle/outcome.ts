import type { Values } from "./plain.ts";
import type { LiveObject } from "./kind.ts";

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
	override readonly name = "AnswerLost";
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
	override readonly name = "HalfDone";
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
