import { ResourceOperationError } from "./errors.ts";
import type { Target } from "./kind.ts";
import { type ResourceContext, getDisplayName } from "./life.ts";

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
