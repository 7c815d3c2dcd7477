/** A wait for a moment of the virtual clock. */
interface Sleeper {
	readonly due: number;
	readonly wake: () => void;
	timer?: NodeJS.Timeout;
}

/** Ticks of 100 ns between 0001-01-01, where .NET begins to count, and 1970-01-01. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

/** The longest delay that `setTimeout` supports, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647;

/**
 * The emulator's own time: real time multiplied by a scale, plus the sum of all advances. Every rule that depends on
 * time (generation ids, timestamps, throttles, the query index's lag) reads this clock, so that a test can let an hour
 * pass at once. Only tokens expire by the clocks of clients, which `clientNow` returns.
 */
export class VirtualClock {
	#realAnchor = Date.now();
	#virtualAnchor = Date.now();
	#clientAnchor = Date.now();
	#scale: number;
	#lastStamp = 0n;
	readonly #sleepers = new Set<Sleeper>();

	/** `scale`: virtual milliseconds per real millisecond; 0 freezes the clock, so that only `advance` moves it. */
	constructor(scale = 1) {
		this.#scale = scale;
	}

	/** Returns the virtual time in milliseconds since 1970. */
	now(): number {
		return Math.floor(this.#virtualAnchor + (Date.now() - this.#realAnchor) * this.#scale);
	}

	/**
	 * Returns the time on the clocks of clients in milliseconds since 1970: real time plus the sum of all advances, at
	 * any scale; a frozen clock stops it too. Tokens are issued and expire by it, because a client that gets or signs a
	 * token for an hour measures that hour on its own clock, which no scale makes faster.
	 */
	clientNow(): number {
		return this.#clientAnchor + (this.#scale === 0 ? 0 : Date.now() - this.#realAnchor);
	}

	/** Virtual milliseconds per real millisecond. */
	get scale(): number {
		return this.#scale;
	}

	/** Advances the clock by the given milliseconds, and wakes sleepers that are due by then. */
	advance(milliseconds: number): void {
		this.#virtualAnchor += milliseconds;
		this.#clientAnchor += milliseconds;
		this.#rearm();
	}

	/** Changes the scale from now on; the time itself does not jump. */
	setScale(scale: number): void {
		this.#virtualAnchor = this.now();
		this.#clientAnchor = this.clientNow();
		this.#realAnchor = Date.now();
		this.#scale = scale;
		this.#rearm();
	}

	/**
	 * Returns the present in .NET ticks (100 ns since year 1), always later than the previous stamp: two devices
	 * created within one millisecond, or under a frozen clock, still differ.
	 */
	stamp(): bigint {
		const ticks = TICKS_TO_1970 + BigInt(this.now()) * 10_000n + BigInt(Math.floor(Math.random() * 10_000));
		this.#lastStamp = ticks > this.#lastStamp ? ticks : this.#lastStamp + 1n;
		return this.#lastStamp;
	}

	/** Resolves when the given virtual milliseconds have passed. */
	sleep(milliseconds: number): Promise<void> {
		if (milliseconds <= 0) return Promise.resolve();
		return new Promise((wake) => {
			const sleeper: Sleeper = { due: this.now() + milliseconds, wake };
			this.#sleepers.add(sleeper);
			this.#arm(sleeper);
		});
	}

	/** Wakes every sleeper, so that nothing keeps the process running. */
	stop(): void {
		for (const sleeper of this.#sleepers) this.#wake(sleeper);
	}

	#rearm(): void {
		for (const sleeper of this.#sleepers) this.#arm(sleeper);
	}

	#arm(sleeper: Sleeper): void {
		clearTimeout(sleeper.timer);
		const left = sleeper.due - this.now();
		if (left <= 0) this.#wake(sleeper);
		else if (this.#scale > 0) {
			const real = Math.min(Math.ceil(left / this.#scale), LONGEST_TIMER);
			sleeper.timer = setTimeout(() => this.#arm(sleeper), real);
		}
	}

	#wake(sleeper: Sleeper): void {
		clearTimeout(sleeper.timer);
		this.#sleepers.delete(sleeper);
		sleeper.wake();
	}
}

/** Converts .NET ticks to milliseconds since 1970. */
export function convertTicksToMilliseconds(ticks: bigint): number {
	return Number((ticks - TICKS_TO_1970) / 10_000n);
}
