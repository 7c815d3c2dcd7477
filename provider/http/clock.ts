import { setTimeout } from "node:timers/promises";

/** Time and random numbers. They are dependencies, so that a test can control both. */
export interface Clock {
	/** Returns the time in milliseconds since 1970. */
	now(): number;
	/** Resolves after this many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** Returns a number from 0 up to, but not including, 1. */
	random(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
	now: Date.now,
	sleep: async (milliseconds) => {
		await setTimeout(milliseconds);
	},
	random: Math.random,
};
