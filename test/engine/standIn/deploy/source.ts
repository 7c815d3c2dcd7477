import type { SourceEvent } from "./goal.ts";

/** The source of registrations: a running program. */
export interface Source {
	/** Returns the program's next request; undefined when it has finished, an error when it failed. */
	next(): Promise<SourceEvent | undefined>;
	/** Adds an event after all current requests of the program. */
	push(event: SourceEvent): void;
	/** Lets a finished program end, and resolves when it has; rejects if it failed after all. */
	finish(): Promise<void>;
	/** Ends the program at once. */
	kill(): Promise<void>;
}

/** A queue whose reader waits for events. */
export class EventQueue {
	readonly #events: SourceEvent[] = [];
	#waiting: (() => void) | undefined;
	#end: { readonly error?: Error } | undefined;

	/** Adds an event at the end. */
	push(event: SourceEvent): void {
		this.#events.push(event);
		this.#waiting?.();
	}

	/** Ends the queue, with the error if there is one. Only the first call counts. */
	end(error?: Error): void {
		this.#end ??= error === undefined ? {} : { error };
		this.#waiting?.();
	}

	/** Returns the first event, waiting for one if necessary; undefined at the end. */
	async next(): Promise<SourceEvent | undefined> {
		for (;;) {
			if (this.#end?.error !== undefined) throw this.#end.error;
			const event = this.#events.shift();
			if (event !== undefined || this.#end !== undefined) return event;
			await new Promise<void>((resolve) => {
				this.#waiting = resolve;
			});
		}
	}
}
