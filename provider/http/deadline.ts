import type { Clock } from "./clock.ts";
import { DeadlineExceeded } from "./errors.ts";

/** The moment at which an operation gives up, whatever it is doing. */
export class Deadline {
	readonly #clock: Clock;
	readonly #endsAt: number;
	readonly #operation: string;
	readonly #budgetMs: number;

	/**
	 * @param operation what is given up, for the message: `create`
	 * @param milliseconds how long the operation may take from now
	 */
	constructor(operation: string, milliseconds: number, clock: Clock) {
		this.#clock = clock;
		this.#operation = operation;
		this.#budgetMs = milliseconds;
		this.#endsAt = clock.now() + milliseconds;
	}

	/** Milliseconds left; negative when it is over. */
	getRemainingMs(): number {
		return this.#endsAt - this.#clock.now();
	}

	/**
	 * Throws if fewer than this many milliseconds are left.
	 *
	 * @param reason what there is to wait for, for the message
	 */
	requireRemainingMs(milliseconds: number, reason?: string): void {
		if (this.getRemainingMs() <= milliseconds) throw this.createExceededError(reason);
	}

	/** The error for an operation whose time is over. */
	createExceededError(reason?: string): DeadlineExceeded {
		return new DeadlineExceeded(this.#operation, this.#budgetMs, reason);
	}
}
