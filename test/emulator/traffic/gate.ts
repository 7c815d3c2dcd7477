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

/** Holds requests, so that a test can do something while they are on their way. */
export class Gate {
	#closed: Closed | undefined;
	#held: Array<() => void> = [];
	#watchers: Array<{ readonly count: number; readonly tell: () => void }> = [];

	/** Holds matching requests from now on, before they are handled or after. */
	pause(match?: RequestMatch, when: Moment = "after"): void {
		requireSoundMatch(match);
		this.#closed = { match, when };
	}

	/** Releases all held requests, and holds no more. */
	resume(): void {
		this.#closed = undefined;
		const held = this.#held;
		this.#held = [];
		for (const release of held) release();
	}

	/** The number of held requests. */
	get held(): number {
		return this.#held.length;
	}

	/** Resolves as soon as this number of requests is held. */
	waitForHeld(count = 1): Promise<void> {
		if (this.held >= count) return Promise.resolve();
		return new Promise((tell) => this.#watchers.push({ count, tell }));
	}

	/** Lets a request pass, at once or when the gate opens. */
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
