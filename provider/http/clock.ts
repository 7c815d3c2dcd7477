import { setTimeout } from "node:timers/promises";

/** Time and chance, handed in so that a test can own both. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves after this many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** A number from 0 up to, but not including, 1. */
	random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
	now: Date.now,
	sleep: async (milliseconds) => {
		await setTimeout(milliseconds);
	},
	random: Math.random,
};
