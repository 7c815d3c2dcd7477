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

/** Node's timers hold no more, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for what may never end.
 *
 * @param milliseconds how long to wait
 * @param work is told by the signal that nobody waits any more; it need not heed it
 * @param createTimeoutError makes the error for that case
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
