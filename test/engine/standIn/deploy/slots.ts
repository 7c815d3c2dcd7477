/** A fixed number of places to work at. Nobody gets one after the signal. */
export class Slots {
	#free: number;
	readonly #waiting: ((got: boolean) => void)[] = [];
	readonly #signal: AbortSignal;

	constructor(count: number, signal: AbortSignal) {
		this.#free = Math.max(1, count);
		this.#signal = signal;
		signal.addEventListener("abort", () => {
			for (const tell of this.#waiting.splice(0)) tell(false);
		});
	}

	/** Waits for a place; false when there will be none. */
	take(): Promise<boolean> {
		if (this.#signal.aborted) return Promise.resolve(false);
		if (this.#free > 0) {
			this.#free -= 1;
			return Promise.resolve(true);
		}
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Gives a place back. */
	give(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#free += 1;
		else next(true);
	}
}
