import type { Clock } from "../../provider/http/clock.ts";

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/** 2026-03-01T08:00:00Z, a moment like any other. */
export const START_TIME = Date.UTC(2026, 2, 1, 8);

/**
 * A clock that nobody waits for: as soon as everybody sleeps, the time is when the first one wakes. Chance is a
 * number that the test sets.
 */
export class TestClock implements Clock {
	/** What `random` answers. */
	chance = 0.5;
	/** Every sleep that was asked for, in milliseconds, in order. */
	readonly sleeps: number[] = [];
	#now: number;
	readonly #sleepers: Sleeper[] = [];

	constructor(now = START_TIME) {
		this.#now = now;
	}

	readonly now = (): number => this.#now;

	readonly random = (): number => this.chance;

	readonly sleep = (milliseconds: number): Promise<void> => {
		this.sleeps.push(milliseconds);
		return new Promise((resolve) => {
			this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve });
			setImmediate(() => this.#wakeFirst());
		});
	};

	/** Lets time pass while nobody sleeps. */
	pass(milliseconds: number): void {
		this.#now += milliseconds;
	}

	#wakeFirst(): void {
		this.#sleepers.sort((a, b) => a.until - b.until);
		const first = this.#sleepers.shift();
		if (first === undefined) return;
		this.#now = Math.max(this.#now, first.until);
		first.wake();
	}
}
