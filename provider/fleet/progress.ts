/** How long nothing is said, in milliseconds. */
const QUIET = 10_000;

/**
 * Says how far the work on many objects is, with a rate and the time left, one line every ten seconds at most. Of work that
 * is all under way at once nobody can tell: its rate is none.
 */
export class Progress {
	readonly #what: string;
	readonly #total: number;
	readonly #isTold: boolean;
	readonly #now: () => number;
	readonly #say: (text: string) => void;
	readonly #began: number;
	#said: number;
	#done = 0;

	/**
	 * @param what what is worked on: `devices`
	 * @param atOnce how many of them at a time
	 */
	constructor(
		what: string,
		{ total, atOnce }: { total: number; atOnce: number },
		around: { now(): number; say(text: string): void },
	) {
		this.#what = what;
		this.#total = total;
		this.#isTold = total > atOnce;
		this.#now = around.now;
		this.#say = around.say;
		this.#began = around.now();
		this.#said = this.#began;
	}

	/** One more is done. */
	tick(): void {
		this.#done++;
		const now = this.#now();
		if (!this.#isTold || now - this.#said < QUIET || this.#done >= this.#total) return;
		this.#said = now;
		const rate = this.#done / ((now - this.#began) / 1_000);
		const left = Math.round((this.#total - this.#done) / rate);
		this.#say(`${this.#done} of ${this.#total} ${this.#what}, ${rateTold(rate)}, about ${told(left)} left`);
	}
}

/** @param rate a second */
function rateTold(rate: number): string {
	return rate < 0.1 ? `${(60 * rate).toFixed(1)} a minute` : `${rate.toFixed(1)} a second`;
}

function told(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
