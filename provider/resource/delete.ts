import type { Values } from "../values.ts";
import { compare } from "./compare.ts";
import { getDisplayName, getEtag, type ResourceContext } from "./context.ts";
import { formatThreeWayDiff } from "./driftMessages.ts";
import { PreconditionFailed, ResourceOperationError, ResponseLost } from "./errors.ts";
import { type Holder, identifyHolder } from "./holder.ts";
import { createOutcomeUnknownError, LostResponseRetry } from "./lostResponses.ts";
import {
	createHeldElsewhereError,
	createNotReplaceableError,
	describeHandover,
	findOtherHolder,
} from "./ownership.ts";
import type { LimitedAction, LiveObject, ResourceApi, Target } from "./resourceType.ts";

/** One deletion under way. */
interface DeleteOperation<Inputs extends object> {
	readonly ctx: ResourceContext<Inputs>;
	readonly target: Target;
	readonly api: ResourceApi<Inputs>;
	readonly olds: Values;
	/** Whether the object is deleted for good where others are only disabled. */
	readonly shouldPurge: boolean;
	readonly retry: LostResponseRetry;
}

/**
 * What ending a record does to its object, as limits count it: an object that the same resource declares again is replaced, so it
 * is deleted where others are disabled.
 */
export function getDeleteAction<Inputs extends object>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	target: Target,
	holder: Holder,
): LimitedAction {
	return runtime.claims.isDeclaredAgain(resourceType.getKey(target), holder)
		? "delete"
		: resourceType.deleteAction;
}

/**
 * Deletes the object under the etag of the last deployment, which proves that it is the right one and untouched.
 * Under another etag it goes only if it is the same incarnation with every declared field as it was.
 */
export async function deleteObject<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	olds: Values,
): Promise<void> {
	const api = ctx.resourceType.connect("delete");
	const target = { id, values: olds };
	const { resourceType, runtime, planCache } = ctx;
	const key = resourceType.getKey(target);
	const holder = ctx.holder ?? identifyHolder(olds);
	if (skipIfHeldElsewhere(ctx, target, holder)) return;
	// A fleet looks at all its members before it deletes the first, and one that leaves it is not replaced.
	const refusal = ctx.holder === undefined ? findReplaceRefusal(ctx, target, holder) : undefined;
	if (refusal !== undefined) throw refusal;
	const action = getDeleteAction(ctx, target, holder);
	// What is replaced makes room, so it is deleted where others would be disabled.
	const shouldPurge = action !== resourceType.deleteAction;
	const operation: DeleteOperation<Inputs> = {
		ctx,
		target,
		api,
		olds,
		shouldPurge,
		retry: new LostResponseRetry(runtime),
	};
	if (planCache.isMissing(key)) {
		await requireMissing(operation);
	} else {
		runtime.changeLimits.countOrThrow(action, key, getDisplayName(ctx, target));
		let etag = getEtag(olds) || (await readVerifiedEtag(operation));
		while (etag !== undefined) {
			etag = await tryDelete(operation, etag);
		}
	}
	runtime.claims.release(key, holder);
}

/** Whether the object stays, for another resource has it. */
function skipIfHeldElsewhere<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	holder: Holder,
): boolean {
	const other = findOtherHolder(ctx, target, holder);
	if (other === undefined) return false;
	if (!other.isHolding) throw createHeldElsewhereError(ctx, target, other);
	ctx.runtime.warn(describeHandover(ctx, target, other));
	return true;
}

/**
 * A forced replacement asks nobody whether the object can be created again, so the deletion that begins it does; undefined where
 * it can be, or where it is only to be deleted.
 */
export function findReplaceRefusal<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	holder: Holder,
): ResourceOperationError | undefined {
	const { resourceType, runtime } = ctx;
	const reason = resourceType.explainNoReplacement?.(target.values);
	if (
		reason === undefined ||
		!runtime.claims.isDeclaredAgain(resourceType.getKey({ ...target, id: "" }), holder)
	)
		return undefined;
	return createNotReplaceableError(ctx, target, reason);
}

/** What the plan found missing is not deleted if it is there again: no plan has shown it. */
async function requireMissing<Inputs extends object>({
	ctx,
	target,
	api,
	olds,
}: DeleteOperation<Inputs>): Promise<void> {
	const live = await api.get(target);
	if (live === undefined) {
		await api.cleanUp?.(target);
		return;
	}
	const isRecreated = compare(ctx.resourceType, { state: olds, live }).wasRecreated;
	throw new ResourceOperationError(
		isRecreated ? "RecreatedElsewhere" : "ChangedElsewhere",
		`${getDisplayName(ctx, target)} was not deleted: the plan of this run found none, and ${isRecreated ? "another one" : "it"} is there ` +
			"now. Nothing was changed. Run the command again: the next plan compares it.",
	);
}

/** Tries once. Answers the etag to try next, or undefined when the object is gone. */
async function tryDelete<Inputs extends object>(
	operation: DeleteOperation<Inputs>,
	etag: string,
): Promise<string | undefined> {
	try {
		const { api, target, shouldPurge } = operation;
		await (shouldPurge && api.purge ? api.purge(target, etag) : api.delete(target, etag));
		return undefined;
	} catch (error) {
		if (error instanceof ResponseLost) return resolveOutcome(operation, error);
		if (!(error instanceof PreconditionFailed)) throw error;
		const newEtag = await readVerifiedEtag(operation);
		if (newEtag === etag) throw error;
		return newEtag;
	}
}

/** After a lost answer: the etag of an object that is still there, or undefined when it is gone, or as it is to be left. */
async function resolveOutcome<Inputs extends object>(
	operation: DeleteOperation<Inputs>,
	lostResponse: ResponseLost,
): Promise<string | undefined> {
	const { ctx, target, api, retry, shouldPurge } = operation;
	await retry.wait(lostResponse);
	const live = await api.get(target).catch((cause: unknown) => {
		throw createOutcomeUnknownError(ctx, target, {
			attempted: "deleted",
			lostResponse,
			cause,
			nextStep: ".",
		});
	});
	if (live === undefined || (!shouldPurge && api.countsAsDeleted?.(live))) return undefined;
	const etag = verifyEtag(operation, live);
	retry.allowRetry(lostResponse);
	return etag;
}

async function readVerifiedEtag<Inputs extends object>(
	operation: DeleteOperation<Inputs>,
): Promise<string | undefined> {
	const live = await operation.api.get(operation.target);
	return live && verifyEtag(operation, live);
}

/** The etag to delete under. Refuses another object of the same id, and one with changes that no plan has shown. */
function verifyEtag<Inputs extends object>(
	{ ctx, target, olds }: DeleteOperation<Inputs>,
	live: LiveObject<Inputs>,
): string {
	const name = getDisplayName(ctx, target);
	const comparison = compare(ctx.resourceType, { state: olds, live });
	if (comparison.wasRecreated) {
		throw new ResourceOperationError(
			"RecreatedElsewhere",
			`${name} was not deleted: the object that Pulumi deployed is gone, and somebody created another one under ` +
				`the same id since. To delete that one, run \`pulumi refresh\` first, which takes it over; to keep it, ` +
				`run \`pulumi state delete\` for this resource.`,
		);
	}
	if (comparison.drift.length === 0) return live.etag;
	throw new ResourceOperationError(
		"ChangedElsewhere",
		`${name} was not deleted: somebody changed it since the last deployment.\n${formatThreeWayDiff(comparison.drift)}\n` +
			`Run \`pulumi refresh\` to take note of the change, then delete it.`,
	);
}
