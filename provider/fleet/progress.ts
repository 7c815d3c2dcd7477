/** How long nothing is said, in milliseconds. */
const REPORT_INTERVAL_MS = 10_000;

/**
 * Says how far the work on many objects is, with a rate and the time left, one line every ten seconds at most. Of work that
 * is all under way at once nobody can tell: its rate is none.
 */
export class ProgressReporter {
	readonly #noun: string;
	readonly #total: number;
	readonly #isEnabled: boolean;
	readonly #now: () => number;
	readonly #warn: (text: string) => void;
	readonly #startedAtMs: number;
	#lastReportAtMs: number;
	#done = 0;

	/**
	 * @param what what is worked on: `devices`
	 * @param atOnce how many of them at a time
	 */
	constructor(
		what: string,
		{ total, atOnce: concurrency }: { total: number; atOnce: number },
		runtime: { now(): number; warn(text: string): void },
	) {
		this.#noun = what;
		this.#total = total;
		this.#isEnabled = total > concurrency;
		this.#now = runtime.now;
		this.#warn = runtime.warn;
		this.#startedAtMs = runtime.now();
		this.#lastReportAtMs = this.#startedAtMs;
	}

	/** One more is done. */
	completeOne(): void {
		this.#done++;
		const now = this.#now();
		if (!this.#isEnabled || now - this.#lastReportAtMs < REPORT_INTERVAL_MS || this.#done >= this.#total) return;
		this.#lastReportAtMs = now;
		const rate = this.#done / ((now - this.#startedAtMs) / 1_000);
		const secondsLeft = Math.round((this.#total - this.#done) / rate);
		this.#warn(`${this.#done} of ${this.#total} ${this.#noun}, ${formatRate(rate)}, about ${formatDuration(secondsLeft)} left`);
	}
}

/** @param perSecond a second */
function formatRate(perSecond: number): string {
	return perSecond < 0.1 ? `${(60 * perSecond).toFixed(1)} a minute` : `${perSecond.toFixed(1)} a second`;
}

function formatDuration(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
