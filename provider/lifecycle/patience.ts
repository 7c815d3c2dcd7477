import type { RuntimeContext } from "./life.ts";
import type { ResponseLost } from "./outcome.ts";

/** How many answers of one operation may be lost: a service that fails so often does not fail in passing. */
const MAX_LOST_RESPONSES = 6;
/** No single pause is longer than this, in milliseconds. */
const MAX_PAUSE_MS = 60_000;

/** Bears with lost answers for a while: the pause before each look doubles, and the number of them is bounded. */
export class LostResponseRetry {
	readonly #runtime: RuntimeContext;
	#lostResponses = 0;

	constructor(runtime: RuntimeContext) {
		this.#runtime = runtime;
	}

	/** Waits before the object is looked at. */
	async wait(lostResponse: ResponseLost): Promise<void> {
		await this.#runtime.sleep(Math.min(MAX_PAUSE_MS, lostResponse.pauseMs * 2 ** this.#lostResponses));
		this.#lostResponses++;
	}

	/** Allows the write to be sent again, now that it is known not to have been carried out, or throws why not. */
	allowRetry(lostResponse: ResponseLost): void {
		if (this.#lostResponses >= MAX_LOST_RESPONSES) throw lostResponse.cause;
	}
}
