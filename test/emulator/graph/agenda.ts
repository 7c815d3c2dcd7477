import type { VirtualClock } from "../clock.ts";

interface Entry {
	readonly due: number;
	readonly happen: (at: number) => void;
}

/**
 * The service's own actions at later moments of the virtual clock. Nothing runs in the background: each read first runs
 * all actions that are due, in order of time.
 */
export class Agenda {
	readonly #clock: VirtualClock;
	/** Latest first. */
	#entries: Entry[] = [];

	constructor(clock: VirtualClock) {
		this.#clock = clock;
	}

	/**
	 * Schedules an action in virtual milliseconds since 1970; actions of the same moment run in the order in which they
	 * were added.
	 */
	at(due: number, happen: (at: number) => void): void {
		let place = 0;
		while (place < this.#entries.length && (this.#entries[place]?.due ?? 0) > due) place += 1;
		this.#entries.splice(place, 0, { due, happen });
	}

	/** Runs all actions that are due, and returns the current time. */
	settle(): number {
		const now = this.#clock.now();
		for (
			let next = this.#entries.at(-1);
			next !== undefined && next.due <= now;
			next = this.#entries.at(-1)
		) {
			this.#entries.pop();
			next.happen(next.due);
		}
		return now;
	}
}
