import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../provider/http/clock.ts";

/** How a clock begins. */
export interface QuickClockOptions {
	/** Milliseconds by which it is ahead of the real time; negative when it is behind. Default 0. */
	readonly ahead?: number;
	/** Hears of each pause, so that the service's own time can pass too. */
	readonly onPause?: (milliseconds: number) => void;
}

/** A clock on which a pause takes no time: it is noted, and the hands jump. */
export class QuickClock implements Clock {
	/** All pauses asked for so far, in milliseconds. */
	readonly pauses: number[] = [];
	#ahead: number;
	readonly #onPause: (milliseconds: number) => void;

	constructor({ ahead = 0, onPause = () => undefined }: QuickClockOptions = {}) {
		this.#ahead = ahead;
		this.#onPause = onPause;
	}

	readonly now = (): number => Date.now() + this.#ahead;

	readonly sleep = async (milliseconds: number): Promise<void> => {
		if (milliseconds > 0) this.pauses.push(milliseconds);
		this.jump(milliseconds);
		await setImmediate();
	};

	readonly random = (): number => 0.5;

	/** Lets time pass that nobody asked for, as on a busy machine. */
	jump(milliseconds: number): void {
		this.#ahead += milliseconds;
		this.#onPause(milliseconds);
	}

	/** All pauses together, in milliseconds. */
	get paused(): number {
		return this.pauses.reduce((sum, pause) => sum + pause, 0);
	}
}
