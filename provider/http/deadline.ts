import type { Clock } from "./clock.ts";
import { DeadlineExceeded } from "./errors.ts";

/** The time at which an operation gives up. */
export class Deadline {
	readonly #clock: Clock;
	readonly #endsAt: number;
	readonly #operation: string;
	readonly #budgetMs: number;

	/**
	 * @param operation the operation's name in the message: `create`
	 * @param milliseconds how long the operation may take from now
	 */
	constructor(operation: string, milliseconds: number, clock: Clock) {
		this.#clock = clock;
		this.#operation = operation;
		this.#budgetMs = milliseconds;
		this.#endsAt = clock.now() + milliseconds;
	}

	/** Returns the milliseconds left; negative when the deadline has passed. */
	getRemainingMs(): number {
		return this.#endsAt - this.#clock.now();
	}

	/**
	 * Throws unless more than this many milliseconds are left.
	 *
	 * @param reason the reason for waiting, for the message
	 */
	requireRemainingMs(milliseconds: number, reason?: string): void {
		if (this.getRemainingMs() <= milliseconds) throw this.createExceededError(reason);
	}

	/** Creates the error for an operation that ran out of time. */
	createExceededError(reason?: string): DeadlineExceeded {
		return new DeadlineExceeded(this.#operation, this.#budgetMs, reason);
	}
}

/** Longest delay of a timer in Node.js, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for `work`, but no longer than this many milliseconds.
 *
 * @param work receives a signal that aborts at the timeout, which it may ignore
 * @param createTimeoutError creates the error that is thrown at the timeout
 */
export async function withTimeout<Result>(
	milliseconds: number,
	work: (signal: AbortSignal) => Promise<Result>,
	createTimeoutError: () => Error,
): Promise<Result> {
	const abortController = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() => {
				reject(createTimeoutError());
				abortController.abort();
			},
			Math.min(milliseconds, MAX_TIMER_MS),
		);
	});
	try {
		return await Promise.race([work(abortController.signal), timeout]);
	} finally {
		clearTimeout(timer);
	}
}
