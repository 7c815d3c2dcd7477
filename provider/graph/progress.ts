import type { Clock } from "../http/clock.ts";

/** How long there is nothing to say, and how long nothing more after something was said, in milliseconds. */
const WAIT_REPORT_INTERVAL_MS = 60_000;

/** What each sort of waiting is called, and what is known of how long it takes. */
const WAIT_LABELS = {
	import: { one: "import", many: "imports", usual: "the service usually takes one to fifteen minutes" },
	deletion: { one: "deletion", many: "deletions", usual: "the service may take half an hour" },
} as const;

/** A sort of waiting. */
export type WaitKind = keyof typeof WAIT_LABELS;

/** Says how long operations go on, in one line for all of a sort and not more than one a minute. */
export class PollingProgress {
	readonly #clock: Clock;
	readonly #warn: (text: string) => void;
	readonly #waits: Record<WaitKind, Set<{ readonly startedAt: number }>> = {
		import: new Set(),
		deletion: new Set(),
	};
	readonly #lastReportAt: Record<WaitKind, number> = { import: 0, deletion: 0 };

	constructor(clock: Clock, warn: (text: string) => void) {
		this.#clock = clock;
		this.#warn = warn;
	}

	/** Does the work, which calls `tick` now and then while it waits. */
	async track<Result>(kind: WaitKind, work: (tick: () => void) => Promise<Result>): Promise<Result> {
		const entry = { startedAt: this.#clock.now() };
		this.#waits[kind].add(entry);
		try {
			return await work(() => this.#reportWhenDue(kind));
		} finally {
			this.#waits[kind].delete(entry);
		}
	}

	#reportWhenDue(kind: WaitKind): void {
		const now = this.#clock.now();
		const waits = [...this.#waits[kind]];
		const longestMs = now - Math.min(...waits.map(({ startedAt }) => startedAt));
		if (longestMs < WAIT_REPORT_INTERVAL_MS || now - this.#lastReportAt[kind] < WAIT_REPORT_INTERVAL_MS) return;
		this.#lastReportAt[kind] = now;
		const { one, many, usual } = WAIT_LABELS[kind];
		const summary =
			waits.length === 1
				? `one ${one} has been under way`
				: `${waits.length} ${many} are under way, the longest`;
		this.#warn(`Autopilot: ${summary} for ${Math.round(longestMs / 60_000)} min; ${usual}`);
	}
}
