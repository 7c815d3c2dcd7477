import type { VirtualClock } from "../clock.ts";

interface Entry {
	readonly due: number;
	readonly happen: (at: number) => void;
}

/**
 * What the service does by itself at some later moment of the virtual clock. Nothing runs in the background: whoever looks
 * first lets everything happen that is due by then, in the order of its moments.
 */
export class Agenda {
	readonly #clock: VirtualClock;
	/** Latest first. */
	#entries: Entry[] = [];

	constructor(clock: VirtualClock) {
		this.#clock = clock;
	}

	/** Plans something for a moment in virtual milliseconds since 1970; of equal moments the one planned first comes first. */
	at(due: number, happen: (at: number) => void): void {
		let place = 0;
		while (place < this.#entries.length && (this.#entries[place]?.due ?? 0) > due) place += 1;
		this.#entries.splice(place, 0, { due, happen });
	}

	/** Lets everything happen that is due, and says what time it is. */
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
