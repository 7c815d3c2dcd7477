import { setTimeout } from "node:timers/promises";

/** Time and random numbers. They are dependencies, so that a test can control both. */
export interface Clock {
	/** Returns the time in milliseconds since 1970. */
	now(): number;
	/**
	 * Resolves after this many milliseconds.
	 *
	 * @param signal ends the sleep early: it rejects with the signal's reason. A clock of a test may ignore it
	 */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** Returns a number from 0 up to, but not including, 1. */
	random(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
	now: Date.now,
	sleep: async (milliseconds, signal) => {
		await setTimeout(milliseconds, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
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
