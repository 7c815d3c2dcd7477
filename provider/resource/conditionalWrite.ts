import type { Values } from "../values.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import { PartiallyApplied, PreconditionFailed, ResourceOperationError, ResponseLost } from "./errors.ts";
import { LostResponseRetry, readAfterLostResponse } from "./lostResponses.ts";
import type { LiveObject, ResourceApi, Target } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";

/** A write that replaces one version of an object. */
export interface ConditionalWrite<Inputs> {
	readonly api: ResourceApi<Inputs>;
	readonly target: Target;
	readonly desired: Inputs;
	readonly base: LiveObject<Inputs>;
}

/**
 * Writes under the etag of `base` until a response arrives. After a lost response it reads the object. If the etag is unchanged, the
 * write was not applied and is sent again. If the etag changed, this run wrote the object if it has every desired value; otherwise
 * somebody else did.
 */
export async function writeWithRetry<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	write: ConditionalWrite<Inputs>,
): Promise<LiveObject<Inputs>> {
	const retry = new LostResponseRetry(ctx.runtime);
	let { base } = write;
	let lostResponse: ResponseLost | undefined;
	for (;;) {
		try {
			return await write.api.update(write.desired, base);
		} catch (error) {
			const newlyLost = findLostResponse(error);
			lostResponse = newlyLost ?? (error instanceof PreconditionFailed ? lostResponse : undefined);
			if (lostResponse === undefined) throw error;
			if (error instanceof PartiallyApplied) base = error.live as LiveObject<Inputs>;
			if (newlyLost !== undefined) await retry.wait(newlyLost);
			const found = await readOrThrow(ctx, write, lostResponse);
			if (found.etag === base.etag) retry.allowRetry(lostResponse);
			else if (wasWrittenByThisRun(ctx, write, { found, expected: write.desired as Values })) return found;
			else base = acceptFirstWrite(ctx, write, { found, expected: lostResponse.step });
		}
	}
}

function findLostResponse(error: unknown): ResponseLost | undefined {
	if (error instanceof ResponseLost) return error;
	return error instanceof PartiallyApplied && error.cause instanceof ResponseLost ? error.cause : undefined;
}

async function readOrThrow<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	write: ConditionalWrite<Inputs>,
	lostResponse: Error,
): Promise<LiveObject<Inputs>> {
	const found = await readAfterLostResponse(ctx, write, {
		attempted: "updated",
		lostResponse,
		nextStep: ": the plan shows the current state.",
	});
	if (found !== undefined) return found;
	throw createDeletedElsewhereError(ctx, write.target, "while it was being updated");
}

/** Creates the error for an object that no longer exists when it should be updated. */
export function createDeletedElsewhereError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	time: "while it was being updated" | "after this plan was made",
): ResourceOperationError {
	return new ResourceOperationError(
		"DeletedElsewhere",
		`${getDisplayName(ctx, target)} was deleted by somebody else ${time}. Run the command again: the next plan creates it.`,
	);
}

/** The object, and the values that it has if a write of this run was applied. */
interface WriteEvidence<Inputs> {
	readonly found: LiveObject<Inputs>;
	readonly expected: Values | undefined;
}

function wasWrittenByThisRun<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	{ base }: ConditionalWrite<Inputs>,
	{ found, expected }: WriteEvidence<Inputs>,
): boolean {
	if (expected === undefined || found.uid !== base.uid) return false;
	return matchesAll(
		toFieldValues(resourceType.schema, expected),
		toFieldValues(resourceType.schema, found.values as Values),
	);
}

/** Returns the object as the first of two writes left it; throws if somebody else wrote it. */
function acceptFirstWrite<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	write: ConditionalWrite<Inputs>,
	evidence: WriteEvidence<Inputs>,
): LiveObject<Inputs> {
	if (wasWrittenByThisRun(ctx, write, evidence)) return evidence.found;
	throw new PreconditionFailed("the object has another etag and is not as it was written");
}
