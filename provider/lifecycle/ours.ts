import { holds } from "./drift.ts";
import { facetsOf } from "./facets.ts";
import type { Live, Values } from "./kind.ts";
import type { Life } from "./life.ts";

/** A clock's resolution on the wire is a second (RFC 9110 §5.6.7), and two of them are compared. */
const CLOCK_TOLERANCE = 2_000;

/**
 * Whether an object is one that we made: the service made it within this time, just as it is declared.
 *
 * @param within milliseconds before now
 */
export function isOurs<Inputs extends object>(
	{ kind: { fields } }: Life<Inputs>,
	found: Live<Inputs>,
	{ inputs, within }: { inputs: Values; within: number },
): boolean {
	if (found.age === undefined || found.age > within + CLOCK_TOLERANCE) return false;
	return holds(facetsOf(fields, inputs), facetsOf(fields, found.values as Values));
}
