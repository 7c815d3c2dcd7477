/** Decides by the bits of a number, again and again, what could go either way in an engine that works in parallel. */
export class Pace {
	#at = 0;
	readonly #bits: number;

	constructor(bits = 0) {
		this.#bits = bits;
	}

	/** The next decision. */
	next(): boolean {
		const bit = (this.#bits >> this.#at) & 1;
		this.#at = (this.#at + 1) % WIDTH;
		return bit === 1;
	}
}

/** By which everything is done before anything else begins, as if each resource depended on those before it. */
export const IN_TURN = 255;

/** How many decisions there are before they begin again. */
const WIDTH = 8;
