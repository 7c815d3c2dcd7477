import type { Control, Fault } from "../../emulator/emulator.ts";

/** A random generator; the same seed gives the same results. */
export class Chance {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** Returns a number of at least 0 and less than 1 (Mulberry32, a generator with 32 bits of state). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** Returns an integer from 0 to one less than `count`. */
	below(count: number): number {
		return Math.floor(this.next() * count);
	}

	/** Returns one of the values. */
	of<Value>(values: readonly Value[]): Value {
		const value = values[this.below(values.length)];
		if (value === undefined) throw new TypeError("There is nothing to choose from");
		return value;
	}

	/** Returns some of the values, each with this probability. */
	some<Value>(values: Iterable<Value>, share: number): Value[] {
		return [...values].filter(() => this.next() < share);
	}
}

/** The faults of requests, and their relative frequencies. */
const FAULTS: readonly Fault["action"][] = [
	{ kind: "throttle" },
	{ kind: "throttle", retryAfter: 20 },
	{ kind: "unavailable" },
	{ kind: "unavailable", retryAfter: 5 },
	{ kind: "refuse" },
	{ kind: "reset" },
	{ kind: "reset", when: "after" },
	{ kind: "status", status: 500 },
	{ kind: "status", status: 500, when: "after" },
	{ kind: "truncate" },
	{ kind: "html", status: 502 },
	{ kind: "html", status: 502, when: "after" },
	{ kind: "delay", ms: 20_000 },
];

/**
 * Schedules this many faults, each for one of the next requests, and removes those of the day before. Returns how many
 * of those occurred.
 */
export function addDailyFaults(control: Control, chance: Chance, { count, requests }: Forecast): number {
	const happened = control.faults.list().filter((planned) => planned.happened > 0).length;
	control.faults.clear();
	const match = { service: "iotHub" };
	const faults = Array.from({ length: count }, () => ({
		match,
		nth: 1 + chance.below(requests),
		action: chance.of(FAULTS),
	}));
	control.faults.add(...faults);
	return happened;
}

/** The number of faults, and of the requests that they are spread over. */
export interface Forecast {
	readonly count: number;
	readonly requests: number;
}
