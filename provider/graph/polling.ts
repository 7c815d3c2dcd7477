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

/**
 * How long a list may lack what the service has created, in milliseconds. Microsoft documents no limit, and no report names one. An
 * import takes one to three minutes as a rule, so this wait at most doubles the time.
 */
export const MAX_LIST_LAG_MS = 60_000;
/** Delays before each further search of a list that may lag, in milliseconds. */
const SEARCH_INTERVALS_MS = [2_000, 4_000, 8_000, 16_000];

/**
 * Searches a list that may lag, until `find` returns a value or the time has come.
 *
 * @param endsAt when the list can no longer lag, by the clock; if that is past, there is one search
 * @param options what {@link PollOptions} says
 * @returns undefined if nothing was found
 * @throws DeadlineExceeded if the operation times out before
 */
export async function pollUntil<Result>(
	find: () => Promise<Result | undefined>,
	{ clock, deadline, reason, onPause }: Omit<PollOptions, "pauses">,
	endsAt: number,
): Promise<Result | undefined> {
	for (let searches = 0; ; searches++) {
		const found = await find();
		const leftMs = endsAt - clock.now();
		if (found !== undefined || leftMs <= 0) return found;
		const interval = SEARCH_INTERVALS_MS[searches] ?? SEARCH_INTERVALS_MS.at(-1) ?? leftMs;
		const pause = Math.min(interval, leftMs);
		deadline.requireRemainingMs(pause, reason?.());
		await clock.sleep(pause);
		onPause?.();
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

/** The time between two reports of waits of a kind, in milliseconds. */
const WAIT_REPORT_INTERVAL_MS = 60_000;

/** The time before the first report of each kind of wait, in milliseconds, and how messages describe one wait and several. */
const WAIT_LABELS = {
	import: {
		firstReportMs: 60_000,
		one: "one import has been in progress",
		many: "imports are in progress, the longest",
		usual: "the service usually takes one to fifteen minutes",
	},
	search: {
		firstReportMs: 10_000,
		one: "the response to one import was lost, and the import has been searched",
		many: "responses to imports were lost, and the imports are being searched, the longest",
		usual: "the list may lag behind; an import that is not found within a minute is queued again",
	},
	deletion: {
		firstReportMs: 60_000,
		one: "one deletion has been in progress",
		many: "deletions are in progress, the longest",
		usual: "the service may take half an hour",
	},
} as const;

/** A kind of wait. */
export type WaitKind = keyof typeof WAIT_LABELS;

/** Reports long waits: one message for all waits of a kind, at most one a minute. */
export class PollingProgress {
	readonly #clock: Clock;
	readonly #warn: (text: string) => void;
	readonly #waits: Record<WaitKind, Set<{ readonly startedAt: number }>> = {
		import: new Set(),
		search: new Set(),
		deletion: new Set(),
	};
	readonly #lastReportAt: Record<WaitKind, number> = {
		import: Number.NEGATIVE_INFINITY,
		search: Number.NEGATIVE_INFINITY,
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
		const { firstReportMs, one, many, usual } = WAIT_LABELS[kind];
		if (longestMs < firstReportMs || now - this.#lastReportAt[kind] < WAIT_REPORT_INTERVAL_MS) return;
		this.#lastReportAt[kind] = now;
		const summary = waits.length === 1 ? one : `${waits.length} ${many}`;
		this.#warn(`Autopilot: ${summary} for ${formatWait(longestMs)}; ${usual}`);
	}
}

/** Formats `14 s` or, from a minute on, `3 min`. */
export function formatWait(milliseconds: number): string {
	return milliseconds < 60_000
		? `${Math.round(milliseconds / 1_000)} s`
		: `${Math.round(milliseconds / 60_000)} min`;
}
