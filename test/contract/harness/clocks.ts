import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../provider/http/clock.ts";
import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { Control } from "../../emulator/emulator.ts";

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
	/** The milliseconds that pauses and jumps let pass. */
	#passed = 0;
	#wallAhead: number;
	readonly #onPause: (milliseconds: number) => void;

	constructor({ ahead = 0, onPause = () => undefined }: QuickClockOptions = {}) {
		this.#wallAhead = ahead;
		this.#onPause = onPause;
	}

	readonly now = (): number => performance.now() + this.#passed;

	readonly getWallTime = (): number => Date.now() + this.#passed + this.#wallAhead;

	readonly sleep = async (milliseconds: number): Promise<void> => {
		if (milliseconds > 0) this.pauses.push(milliseconds);
		this.jump(milliseconds);
		await setImmediate();
	};

	readonly random = (): number => 0.5;

	/** Lets time pass that nobody asked for, as on a busy machine. */
	jump(milliseconds: number): void {
		this.#passed += milliseconds;
		this.#onPause(milliseconds);
	}

	/** Sets the time of day forward or back, as somebody does who corrects it; no time passes. */
	stepWallTime(milliseconds: number): void {
		this.#wallAhead += milliseconds;
	}

	/** All pauses together, in milliseconds. */
	get paused(): number {
		return this.pauses.reduce((sum, pause) => sum + pause, 0);
	}
}

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/** How often the loop must have gone round without a request before everybody is taken to sleep. */
const ROUNDS = 3;

/**
 * The service's own clock, for one operation that does many things at the same time, nobody knows how many: as soon as no
 * request is under way and nothing else goes on it is the moment at which the first sleeper wakes.
 */
export class IdleClock implements Clock {
	readonly #service: Control["clock"];
	readonly #startedAt: number;
	#sleepers: Sleeper[] = [];
	#asking = 0;
	#isPassing = false;

	constructor(service: Control["clock"]) {
		this.#service = service;
		this.#startedAt = service.now();
	}

	readonly now = (): number => this.#service.now() - this.#startedAt;

	readonly getWallTime = (): number => this.#service.now();

	readonly random = (): number => 0.5;

	readonly sleep = (milliseconds: number): Promise<void> => {
		if (milliseconds <= 0) return Promise.resolve();
		return new Promise((wake) => {
			this.#sleepers.push({ until: this.now() + milliseconds, wake });
			void this.#pass();
		});
	};

	/** The same network; while it is asked, time stands still. */
	watch(network: SendRequest): SendRequest {
		return async (request) => {
			this.#asking++;
			try {
				return await network(request);
			} finally {
				this.#asking--;
				void this.#pass();
			}
		};
	}

	async #pass(): Promise<void> {
		if (this.#isPassing) return;
		this.#isPassing = true;
		for (let quiet = 0; quiet < ROUNDS && this.#asking === 0; quiet++) await setImmediate();
		this.#isPassing = false;
		if (this.#asking > 0 || this.#sleepers.length === 0) return;
		const moment = Math.min(...this.#sleepers.map(({ until }) => until));
		this.#service.advance(Math.max(0, moment - this.now()));
		const awake = this.#sleepers.filter(({ until }) => until <= moment);
		this.#sleepers = this.#sleepers.filter(({ until }) => until > moment);
		for (const { wake } of awake) wake();
		void this.#pass();
	}
}
