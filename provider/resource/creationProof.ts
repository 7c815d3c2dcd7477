import type { Values } from "../values.ts";
import type { ResourceContext } from "./context.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";

/** Two dates of responses are compared, each with a resolution of one second (RFC 9110 §5.6.7). */
const CLOCK_TOLERANCE_MS = 2_000;

/** How far the local clock may be wrong, in milliseconds. */
const MAX_CLOCK_ERROR_MS = 24 * 3_600_000;

/** The evidence for {@link wasCreatedByThisProgram}. */
export interface CreationEvidence {
	/** The inputs, derived ones included. */
	readonly inputs: Values;
	/** Milliseconds since a create request was sent whose response was lost; absent if none was lost. */
	readonly lostRequestMs?: number;
}

/**
 * Whether this program created an object. The object must be exactly as its creation leaves it, including the values that nobody
 * declares. In addition, either it proves its creator and is young enough to be from an interrupted run, or a response of this operation
 * was lost and the object was created since.
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

/** Whether the object has everything that was sent, and otherwise only what the service gives to every new object. */
function isAsCreated<Inputs extends object>(
	{ schema, predictCreated }: ResourceType<Inputs>,
	live: LiveObject<Inputs>,
	inputs: Values,
): boolean {
	const expected = toFieldValues(schema, predictCreated?.(inputs) ?? inputs);
	const actual = toFieldValues(schema, live.values as Values);
	// Secrets that nobody declared come from the service, or prove their origin themselves.
	const nonSecret = new Map([...actual].filter(([, { secret }]) => !secret));
	return matchesAll(expected, actual) && matchesAll(nonSecret, expected);
}

/**
 * Whether the service created the object within this time, by the service's clock. A response may have a wrong date, so an object that
 * is too old by the local clock, or created in the future, does not count.
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
		runtime.getWallTime() - createdAt <= Math.max(maxAgeMs, MAX_CLOCK_ERROR_MS) + CLOCK_TOLERANCE_MS
	);
}
