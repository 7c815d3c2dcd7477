import type { Values } from "../values.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import { PartiallyApplied, PreconditionFailed, ResourceOperationError, ResponseLost } from "./errors.ts";
import { createOutcomeUnknownError, LostResponseRetry } from "./lostResponses.ts";
import type { LiveObject, ResourceApi, Target } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";

/** A conditional write: what to write over which version of which object. */
export interface ConditionalWrite<Inputs> {
	readonly api: ResourceApi<Inputs>;
	readonly target: Target;
	readonly desired: Inputs;
	readonly base: LiveObject<Inputs>;
}

/**
 * Writes under the base's etag until there is an answer. After a lost answer the object is read: an unmoved etag
 * means that the write was not carried out, and it is sent again; a moved one is ours if everything we wrote is
 * there, and somebody else's if not.
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
	{ api, target }: ConditionalWrite<Inputs>,
	lostResponse: Error,
): Promise<LiveObject<Inputs>> {
	const found = await api.get(target).catch((cause: unknown) => {
		throw createOutcomeUnknownError(ctx, target, {
			attempted: "updated",
			lostResponse,
			cause,
			nextStep: ": the plan shows what is so.",
		});
	});
	if (found !== undefined) return found;
	throw new ResourceOperationError(
		"DeletedElsewhere",
		`${getDisplayName(ctx, target)} was deleted by somebody else while it was being updated. Run the command again: ` +
			`the next plan creates it.`,
	);
}

/** What an object should look like if a write of ours was carried out, and what it looks like. */
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

/** The object after the first of two writes, if that is what it is; else somebody else's. */
function acceptFirstWrite<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	write: ConditionalWrite<Inputs>,
	evidence: WriteEvidence<Inputs>,
): LiveObject<Inputs> {
	if (wasWrittenByThisRun(ctx, write, evidence)) return evidence.found;
	throw new PreconditionFailed("the object has another etag and is not as it was written");
}
