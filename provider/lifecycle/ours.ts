import { holds } from "./drift.ts";
import { facetsOf } from "./facets.ts";
import type { Kind, Live, Values } from "./kind.ts";
import type { Life } from "./life.ts";

/** A clock's resolution on the wire is a second (RFC 9110 §5.6.7), and two of them are compared. */
const CLOCK_TOLERANCE = 2_000;

/** So far our own clock may be wrong, in milliseconds, where all is a matter of seconds on the service's. */
const CLOCK_ERROR = 24 * 3_600_000;

/** What is to be judged: whether an object is one that these inputs made. */
export interface Claim {
	/** With all that is worked out from them. */
	readonly inputs: Values;
	/** For how many milliseconds a request to make the object has been under way whose answer was lost; absent where none was. */
	readonly lost?: number;
}

/**
 * Whether an object is one that we made: it is just as its creation leaves it, what nobody declares included, and either it
 * proves that it is of our making and is young enough for an interrupted run to be taken up, or an answer of this operation
 * was lost and the object came to be meanwhile.
 */
export function isOurs<Inputs extends object>(
	life: Life<Inputs>,
	found: Live<Inputs>,
	{ inputs, lost }: Claim,
): boolean {
	const { kind, resumes } = life;
	const proof = kind.proof?.(found, inputs) ?? "none";
	if (proof === "refuted" || !isAsCreated(kind, found, inputs)) return false;
	if (resumes !== undefined && proof === "proven") return isYoung(life, found, resumes + (lost ?? 0));
	return lost !== undefined && isYoung(life, found, lost);
}

/** Whether the object has everything that was sent, and beyond that only what the service gives to every new one. */
function isAsCreated<Inputs extends object>(
	{ fields, created }: Kind<Inputs>,
	found: Live<Inputs>,
	inputs: Values,
): boolean {
	const due = facetsOf(fields, created?.(inputs) ?? inputs);
	const live = facetsOf(fields, found.values as Values);
	// Secrets that nobody declared are of the service's making, or prove what they are by themselves.
	const shown = new Map([...live].filter(([, { secret }]) => !secret));
	return holds(due, live) && holds(shown, due);
}

/**
 * Whether the service made the object within this time. Its clock counts, which also dated the object; but an answer may carry
 * the date of another day, so what our own clock calls too old is not young either, nor is what is yet to be made.
 */
function isYoung<Inputs extends object>(
	{ kind, around }: Life<Inputs>,
	{ age, facts }: Live<Inputs>,
	within: number,
): boolean {
	if (age === undefined || age < -CLOCK_TOLERANCE || age > within + CLOCK_TOLERANCE) return false;
	const born = kind.bornAt(facts);
	return born === undefined || around.now() - born <= Math.max(within, CLOCK_ERROR) + CLOCK_TOLERANCE;
}
