import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";

/** How to wait for something that the service does in its own time. */
export interface Wait {
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
export async function poll<Seen>(look: () => Promise<Seen | undefined>, wait: Wait): Promise<Seen> {
	const { clock, deadline, pauses, reason } = wait;
	for (let looked = 0; ; looked++) {
		const seen = await look();
		if (seen !== undefined) return seen;
		const pause = pauses[looked] ?? pauses.at(-1) ?? 0;
		deadline.demand(pause, reason?.());
		await clock.sleep(pause);
		wait.onPause?.();
	}
}
