import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { findLongWait, retryDelayAfter } from "../http/retryAfter.ts";
import { ResponseLost } from "../resource/errors.ts";

/** Options of {@link poll}. */
export interface PollOptions {
	readonly clock: Clock;
	readonly deadline: Deadline;
	/** Delays before each further read, in milliseconds; the last one is repeated. */
	readonly pauses: readonly number[];
	/** Describes the wait in a sentence, for the error after a timeout. Default: the error does not describe it. */
	readonly reason?: () => string;
	/** Called after each delay, to report progress. */
	readonly onPause?: () => void;
}

/** Calls `read` until it returns a value. Throws DeadlineExceeded if the operation times out. */
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

/** Delay before a read or a retry after a lost response, in milliseconds. */
const LOST_RESPONSE_RETRY_DELAY_MS = 2_000;

/** Returns how long to wait after a lost response, in milliseconds. */
export function getLostResponseDelay(error: Error): number {
	return retryDelayAfter(error, LOST_RESPONSE_RETRY_DELAY_MS);
}

/** Creates the ResponseLost error for a write that may have been applied. */
export function createResponseLost(error: Error, deadline: Deadline): ResponseLost {
	return new ResponseLost(error, getLostResponseDelay(error), { refusal: findLongWait(error, deadline) });
}

/** The time before the first report of a wait, and between two reports, in milliseconds. */
const WAIT_REPORT_INTERVAL_MS = 60_000;

/** The name of each kind of wait, and how long it usually takes. */
const WAIT_LABELS = {
	import: { one: "import", many: "imports", usual: "the service usually takes one to fifteen minutes" },
	deletion: { one: "deletion", many: "deletions", usual: "the service may take half an hour" },
} as const;

/** A kind of wait. */
export type WaitKind = keyof typeof WAIT_LABELS;

/** Reports long waits: one message for all waits of a kind, at most one a minute. */
export class PollingProgress {
	readonly #clock: Clock;
	readonly #warn: (text: string) => void;
	readonly #waits: Record<WaitKind, Set<{ readonly startedAt: number }>> = {
		import: new Set(),
		deletion: new Set(),
	};
	readonly #lastReportAt: Record<WaitKind, number> = {
		import: Number.NEGATIVE_INFINITY,
		deletion: Number.NEGATIVE_INFINITY,
	};

	constructor(clock: Clock, warn: (text: string) => void) {
		this.#clock = clock;
		this.#warn = warn;
	}

	/** Runs the action, which calls `reportProgress` from time to time while it waits. */
	async track<Result>(
		kind: WaitKind,
		action: (reportProgress: () => void) => Promise<Result>,
	): Promise<Result> {
		const entry = { startedAt: this.#clock.now() };
		this.#waits[kind].add(entry);
		try {
			return await action(() => this.#reportWhenDue(kind));
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
				? `one ${one} has been in progress`
				: `${waits.length} ${many} are in progress, the longest`;
		this.#warn(`Autopilot: ${summary} for ${Math.round(longestMs / 60_000)} min; ${usual}`);
	}
}
