/** The minimum time between two reports, in milliseconds. */
const REPORT_INTERVAL_MS = 10_000;

/**
 * Reports the progress of work on many objects, at most every ten seconds: `120 of 500 devices, 1.7 a second, about 4 min left`.
 *
 * A service accepts a burst of requests before it throttles, so the first report shows no rate. The remaining time is estimated
 * from the lower of two rates: the rate of the whole work, and the rate since the last report.
 */
export class ProgressReporter {
	readonly #noun: string;
	readonly #total: number;
	readonly #now: () => number;
	readonly #warn: (text: string) => void;
	readonly #startedAtMs: number;
	#lastReport: { readonly atMs: number; readonly done: number } | undefined;
	#done = 0;

	/**
	 * @param noun the plural noun for the objects: `devices`
	 * @param total the number of objects
	 */
	constructor(noun: string, total: number, runtime: { now(): number; warn(text: string): void }) {
		this.#noun = noun;
		this.#total = total;
		this.#now = runtime.now;
		this.#warn = runtime.warn;
		this.#startedAtMs = runtime.now();
	}

	/** Counts one object as done, and reports the progress if a report is due. */
	completeOne(): void {
		this.#done++;
		const now = this.#now();
		const isDue = now - (this.#lastReport?.atMs ?? this.#startedAtMs) >= REPORT_INTERVAL_MS;
		if (!isDue || this.#done >= this.#total) return;
		this.#warn(`${this.#done} of ${this.#total} ${this.#noun}${this.#formatRate(now)}`);
		this.#lastReport = { atMs: now, done: this.#done };
	}

	/** Returns the rate and the remaining time; empty before the first report. */
	#formatRate(now: number): string {
		if (this.#lastReport === undefined) return "";
		const { atMs, done } = this.#lastReport;
		const recentRate = (this.#done - done) / ((now - atMs) / 1_000);
		const wholeRate = this.#done / ((now - this.#startedAtMs) / 1_000);
		const secondsLeft = Math.round((this.#total - this.#done) / Math.min(recentRate, wholeRate));
		return `, ${formatRate(recentRate)}, about ${formatDuration(secondsLeft)} left`;
	}
}

function formatRate(perSecond: number): string {
	return perSecond < 0.1 ? `${(60 * perSecond).toFixed(1)} a minute` : `${perSecond.toFixed(1)} a second`;
}

function formatDuration(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
