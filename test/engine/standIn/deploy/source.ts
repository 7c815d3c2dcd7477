import type { SourceEvent } from "./goal.ts";

/** Where registrations come from: a running program. */
export interface Source {
	/** The next thing that the program asks for; undefined when it has said all, an error when it failed. */
	next(): Promise<SourceEvent | undefined>;
	/** Adds something to do after all that the program asked for up to now. */
	push(event: SourceEvent): void;
	/** Lets a program that has said all end, and answers when it has; an error when it failed after all. */
	finish(): Promise<void>;
	/** Ends the program at once. */
	kill(): Promise<void>;
}

/** Whoever puts something in wakes the one who waits for it. */
export class EventQueue {
	readonly #events: SourceEvent[] = [];
	#waiting: (() => void) | undefined;
	#end: { readonly error?: Error } | undefined;

	/** Adds an event at the end. */
	push(event: SourceEvent): void {
		this.#events.push(event);
		this.#waiting?.();
	}

	/** Says that nothing more will come, and why if that is an error. The first word counts. */
	end(error?: Error): void {
		this.#end ??= error === undefined ? {} : { error };
		this.#waiting?.();
	}

	/** Takes the first event, waiting for one if need be; undefined at the end. */
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
