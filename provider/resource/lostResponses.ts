import { getDisplayName, type ResourceContext, type RuntimeContext } from "./context.ts";
import { ResourceOperationError, type ResponseLost } from "./errors.ts";
import type { Target } from "./resourceType.ts";

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

/** A write whose fate nobody knows. */
export interface UnknownOutcome {
	/** What it was to do: `created`. */
	readonly attempted: "created" | "updated" | "deleted";
	/** How its answer was lost. */
	readonly lostResponse: Error;
	/** Why the object could not be looked at either. */
	readonly cause: unknown;
	/** What the next run does about it, or what it needs, in a sentence. */
	readonly nextStep: string;
}

/** What is said when the answer of a write is lost and the object can't be looked at either. */
export function createOutcomeUnknownError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ attempted, lostResponse, cause, nextStep }: UnknownOutcome,
): ResourceOperationError {
	return new ResourceOperationError(
		"OutcomeUnknown",
		`${getDisplayName(ctx, target)} may have been ${attempted} or not: the answer was lost (${lostResponse.message}), and looking for the ` +
			`object failed (${cause instanceof Error ? cause.message : String(cause)}). Once the service answers, run the ` +
			`command again${nextStep}`,
		cause,
	);
}
