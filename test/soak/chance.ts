/** What happens by chance, the same for the same seed. */
export class Chance {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** At least 0, less than 1 (Mulberry32, a generator of 32 bits of state). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from 0 to one less than `count`. */
	below(count: number): number {
		return Math.floor(this.next() * count);
	}

	/** One of them. */
	of<Value>(values: readonly Value[]): Value {
		const value = values[this.below(values.length)];
		if (value === undefined) throw new TypeError("There is nothing to choose from");
		return value;
	}

	/** Some of them, each with this probability. */
	some<Value>(values: Iterable<Value>, share: number): Value[] {
		return [...values].filter(() => this.next() < share);
	}
}
