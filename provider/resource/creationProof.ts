import type { Values } from "../values.ts";
import type { ResourceContext } from "./context.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";

/** A clock's resolution on the wire is a second (RFC 9110 §5.6.7), and two of them are compared. */
const CLOCK_TOLERANCE_MS = 2_000;

/** So far our own clock may be wrong, in milliseconds, where all is a matter of seconds on the service's. */
const MAX_CLOCK_ERROR_MS = 24 * 3_600_000;

/** What is to be judged: whether an object is one that these inputs made. */
export interface CreationEvidence {
	/** With all that is worked out from them. */
	readonly inputs: Values;
	/** For how many milliseconds a request to make the object has been under way whose answer was lost; absent where none was. */
	readonly lostRequestMs?: number;
}

/**
 * Whether an object is one that we made: it is just as its creation leaves it, what nobody declares included, and either it
 * proves that it is of our making and is young enough for an interrupted run to be taken up, or an answer of this operation
 * was lost and the object came to be meanwhile.
 */
export function wasCreatedByThisProgram<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	live: LiveObject<Inputs>,
	{ inputs, lostRequestMs }: CreationEvidence,
): boolean {
	const { resourceType, maxResumableAgeMs } = ctx;
	const proof = resourceType.verifyCreation?.(live, inputs) ?? "none";
	if (proof === "refuted" || !isAsCreated(resourceType, live, inputs)) return false;
	if (maxResumableAgeMs !== undefined && proof === "proven")
		return isYoungerThan(ctx, live, maxResumableAgeMs + (lostRequestMs ?? 0));
	return lostRequestMs !== undefined && isYoungerThan(ctx, live, lostRequestMs);
}

/** Whether the object has everything that was sent, and beyond that only what the service gives to every new one. */
function isAsCreated<Inputs extends object>(
	{ schema, predictCreated }: ResourceType<Inputs>,
	live: LiveObject<Inputs>,
	inputs: Values,
): boolean {
	const expected = toFieldValues(schema, predictCreated?.(inputs) ?? inputs);
	const actual = toFieldValues(schema, live.values as Values);
	// Secrets that nobody declared are of the service's making, or prove what they are by themselves.
	const nonSecret = new Map([...actual].filter(([, { secret }]) => !secret));
	return matchesAll(expected, actual) && matchesAll(nonSecret, expected);
}

/**
 * Whether the service made the object within this time. Its clock counts, which also dated the object; but an answer may carry
 * the date of another day, so what our own clock calls too old is not young either, nor is what is yet to be made.
 */
function isYoungerThan<Inputs extends object>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	{ ageMs, computed }: LiveObject<Inputs>,
	maxAgeMs: number,
): boolean {
	if (ageMs === undefined || ageMs < -CLOCK_TOLERANCE_MS || ageMs > maxAgeMs + CLOCK_TOLERANCE_MS)
		return false;
	const createdAt = resourceType.getCreatedAt?.(computed);
	return (
		createdAt === undefined ||
		runtime.now() - createdAt <= Math.max(maxAgeMs, MAX_CLOCK_ERROR_MS) + CLOCK_TOLERANCE_MS
	);
}
