import { setTimeout } from "node:timers/promises";

/**
 * Time and random numbers. They are dependencies, so that a test can control both.
 *
 * Waits, rates, deadlines and ages of this process are measured with `now`, which no correction of the machine's clock affects.
 * `getWallTime` is only for moments that others set or read: the expiry of a token, a date of a service.
 */
export interface Clock {
	/** Returns the milliseconds of a clock that only runs forward, from any starting point. It may stop while the machine sleeps. */
	now(): number;
	/** Returns the time of this machine in milliseconds since 1970. It may be wrong, and may step in either direction. */
	getWallTime(): number;
	/**
	 * Resolves after this many milliseconds.
	 *
	 * @param signal ends the sleep early: it rejects with the signal's reason. A clock of a test may ignore it
	 */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** Returns a number from 0 up to, but not including, 1. */
	random(): number;
}

/** Longest delay of a timer in Node.js, in milliseconds. A longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
	now: () => performance.now(),
	getWallTime: Date.now,
	sleep: async (milliseconds, signal) => {
		for (let leftMs = milliseconds; leftMs > 0; leftMs -= MAX_TIMER_MS) {
			await setTimeout(Math.min(leftMs, MAX_TIMER_MS), undefined, signal && { signal }).catch(() =>
				signal?.throwIfAborted(),
			);
		}
	},
	random: Math.random,
};

/** Sleeps on any clock, and rejects with the reason of the signal as soon as it aborts. */
export async function sleepUnlessAborted(
	clock: Clock,
	milliseconds: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal === undefined) return clock.sleep(milliseconds);
	signal.throwIfAborted();
	let stopListening = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		const abort = (): void => reject(signal.reason);
		signal.addEventListener("abort", abort);
		stopListening = () => signal.removeEventListener("abort", abort);
	});
	try {
		await Promise.race([clock.sleep(milliseconds, signal), aborted]);
	} finally {
		stopListening();
	}
}
