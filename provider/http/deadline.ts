import { type Clock, MAX_TIMER_MS } from "./clock.ts";
import { DeadlineExceeded, type ExceededBudget, LongWaitRequired } from "./errors.ts";

/** Options of a {@link Deadline}. */
export interface DeadlineOptions {
	/** The setting that determines it: `iothub:timeouts`. Default: `timeouts`, for messages that name no service. */
	readonly setting?: string;
	/** Set if it is shorter than the setting allows, so that others may still have the time that this one lacks. */
	readonly isShortened?: boolean;
}

/** The time at which an operation gives up. */
export class Deadline {
	readonly #clock: Pick<Clock, "now">;
	readonly #endsAt: number;
	readonly #operation: string;
	readonly #budgetMs: number;
	readonly #setting: string;
	readonly #isShortened: boolean;

	/**
	 * @param operation the operation's name in the message: `create`
	 * @param milliseconds how long the operation may take from now
	 */
	constructor(
		operation: string,
		milliseconds: number,
		clock: Pick<Clock, "now">,
		{ setting = "timeouts", isShortened = false }: DeadlineOptions = {},
	) {
		this.#clock = clock;
		this.#operation = operation;
		this.#budgetMs = milliseconds;
		this.#endsAt = clock.now() + milliseconds;
		this.#setting = setting;
		this.#isShortened = isShortened;
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

	/**
	 * Creates the error for a service that asks to wait as long as the whole operation may take, or longer; undefined if it asks for less.
	 *
	 * @param request the status of the response that asked for it, and whether the request would have changed something
	 */
	createLongWaitError(
		waitMs: number,
		request: Pick<ExceededBudget, "status" | "isUnwritten">,
	): LongWaitRequired | undefined {
		if (waitMs < this.#budgetMs) return undefined;
		const error = new LongWaitRequired(waitMs, {
			...request,
			operation: this.#operation,
			setting: this.#setting,
			budgetMs: this.#budgetMs,
		});
		if (this.#isShortened) error.scope = undefined;
		return error;
	}
}

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
