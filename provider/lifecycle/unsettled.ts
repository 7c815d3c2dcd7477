import { LifecycleError } from "./errors.ts";
import type { Target } from "./kind.ts";
import { type Life, naming } from "./life.ts";

/** A write whose fate nobody knows. */
export interface Doubt {
	/** What it was to do: `created`. */
	readonly done: "created" | "updated" | "deleted";
	/** How its answer was lost. */
	readonly lost: Error;
	/** Why the object could not be looked at either. */
	readonly cause: unknown;
	/** What the next run does about it, or what it needs, in a sentence. */
	readonly next: string;
}

/** What is said when the answer of a write is lost and the object can't be looked at either. */
export function unsettled<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ done, lost, cause, next }: Doubt,
): LifecycleError {
	return new LifecycleError(
		"OutcomeUnknown",
		`${naming(life, target)} may have been ${done} or not: the answer was lost (${lost.message}), and looking for the ` +
			`object failed (${cause instanceof Error ? cause.message : String(cause)}). Once the service answers, run the ` +
			`command again${next}`,
		cause,
	);
}
