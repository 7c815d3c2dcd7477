import type { Surroundings } from "./kind.ts";
import type { AnswerLost } from "./outcome.ts";

/** How many answers of one operation may be lost: a service that fails so often does not fail in passing. */
const MOST = 6;
/** No single pause is longer than this, in milliseconds. */
const LONGEST = 60_000;

/** Bears with lost answers for a while: the pause before each look doubles, and the number of them is bounded. */
export class Patience {
	readonly #around: Surroundings;
	#lost = 0;

	constructor(around: Surroundings) {
		this.#around = around;
	}

	/** Waits before the object is looked at. */
	async pause(lost: AnswerLost): Promise<void> {
		await this.#around.wait(Math.min(LONGEST, lost.pause * 2 ** this.#lost));
		this.#lost++;
	}

	/** Allows the write to be sent again, now that it is known not to have been carried out, or throws why not. */
	again(lost: AnswerLost): void {
		if (this.#lost >= MOST) throw lost.cause;
	}
}
