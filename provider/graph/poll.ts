import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";

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
export async function poll<Result>(read: () => Promise<Result | undefined>, options: PollOptions): Promise<Result> {
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
