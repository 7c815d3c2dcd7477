import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { retryDelayAfter } from "../http/retry.ts";
import { ResponseLost } from "../resource/errors.ts";

/** How to wait for something that the service does in its own time. */
export interface PollOptions {
	readonly clock: Clock;
	readonly deadline: Deadline;
	/** Milliseconds before each further look, the last one for all that follow. */
	readonly pauses: readonly number[];
	/** What there is to wait for, for the error when time is over. Default: the error says nothing of it. */
	readonly reason?: () => string;
	/** Hears of each pause, to say how it goes. */
	readonly onPause?: () => void;
}

/** Looks until there is something to see. Throws DeadlineExceeded when the operation's time is over. */
export async function poll<Result>(
	read: () => Promise<Result | undefined>,
	options: PollOptions,
): Promise<Result> {
	const { clock, deadline, pauses, reason } = options;
	for (let reads = 0; ; reads++) {
		const result = await read();
		if (result !== undefined) return result;
		const pause = pauses[reads] ?? pauses.at(-1) ?? 0;
		deadline.requireRemainingMs(pause, reason?.());
		await clock.sleep(pause);
		options.onPause?.();
	}
}

/** Milliseconds before anything is looked at or sent again after a lost answer. */
const LOST_RESPONSE_RETRY_DELAY_MS = 2_000;

/** How long to leave the service alone after this, in milliseconds. */
export function getLostResponseDelay(error: Error): number {
	return retryDelayAfter(error, LOST_RESPONSE_RETRY_DELAY_MS);
}

/** A write that may have been carried out or not, as a lifecycle is told of it. */
export function createResponseLost(error: Error): ResponseLost {
	return new ResponseLost(error, getLostResponseDelay(error));
}

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
		if (longestMs < WAIT_REPORT_INTERVAL_MS || now - this.#lastReportAt[kind] < WAIT_REPORT_INTERVAL_MS)
			return;
		this.#lastReportAt[kind] = now;
		const { one, many, usual } = WAIT_LABELS[kind];
		const summary =
			waits.length === 1
				? `one ${one} has been under way`
				: `${waits.length} ${many} are under way, the longest`;
		this.#warn(`Autopilot: ${summary} for ${Math.round(longestMs / 60_000)} min; ${usual}`);
	}
}
