import {
	type Addressed,
	type Moment,
	matches,
	type RequestMatch,
	requireSoundMatch,
} from "../faults/fault.ts";

interface Closed {
	readonly match: RequestMatch | undefined;
	readonly when: Moment;
}

/** Holds requests back, so that a test can do something while they are on their way. */
export class Gate {
	#closed: Closed | undefined;
	#held: Array<() => void> = [];
	#watchers: Array<{ readonly count: number; readonly tell: () => void }> = [];

	/** Holds matching requests from now on, before they are handled or after. */
	pause(match?: RequestMatch, when: Moment = "after"): void {
		requireSoundMatch(match);
		this.#closed = { match, when };
	}

	/** Lets all held requests go, and holds no more. */
	resume(): void {
		this.#closed = undefined;
		const held = this.#held;
		this.#held = [];
		for (const release of held) release();
	}

	/** How many requests are held. */
	get held(): number {
		return this.#held.length;
	}

	/** Resolves as soon as a number of requests is held. */
	waitForHeld(count = 1): Promise<void> {
		if (this.held >= count) return Promise.resolve();
		return new Promise((tell) => this.#watchers.push({ count, tell }));
	}

	/** Passes a request, at once or when the gate opens. */
	async pass(request: Addressed, when: Moment): Promise<void> {
		if (this.#closed?.when !== when || !matches(this.#closed.match, request)) return;
		await new Promise<void>((release) => {
			this.#held.push(release);
			this.#tellWatchers();
		});
	}

	#tellWatchers(): void {
		const satisfied = this.#watchers.filter(({ count }) => this.held >= count);
		this.#watchers = this.#watchers.filter(({ count }) => this.held < count);
		for (const { tell } of satisfied) tell();
	}
}
