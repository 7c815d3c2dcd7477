import type { Values } from "../values.ts";
import { compare } from "./compare.ts";
import { getDisplayName, getEtag, type ResourceContext } from "./context.ts";
import { formatThreeWayDiff } from "./driftMessages.ts";
import { resolveOnDrift } from "./driftPolicy.ts";
import { PreconditionFailed, ResourceOperationError, ResponseLost } from "./errors.ts";
import { type Holder, identifyHolder } from "./holder.ts";
import { LostResponseRetry, readAfterLostResponse } from "./lostResponses.ts";
import {
	createHeldElsewhereError,
	createNotReplaceableError,
	describeHandover,
	findOtherHolder,
} from "./ownership.ts";
import type { LimitedAction, LiveObject, ResourceApi, Target } from "./resourceType.ts";

/** One deletion in progress. */
interface DeleteOperation<Inputs extends object> {
	readonly ctx: ResourceContext<Inputs>;
	readonly target: Target;
	readonly api: ResourceApi<Inputs>;
	readonly olds: Values;
	/** Whether the object is deleted even if deletions only disable. */
	readonly shouldPurge: boolean;
	readonly retry: LostResponseRetry;
}

/**
 * Returns the limited action that the removal of a record counts as. An object that the same resource declares again is replaced, so
 * it is deleted even if deletions only disable.
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
 * Deletes the object under the etag of the last deployment, which proves that it is the right object and unchanged. Under another
 * etag it is deleted only if its uid and all declared fields are as deployed.
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
	// A fleet checks all members before it deletes the first one, and a member that leaves it is not replaced.
	const refusal = ctx.holder === undefined ? findReplaceRefusal(ctx, target, holder) : undefined;
	if (refusal !== undefined) throw refusal;
	refuseIfRefreshFoundDrift(ctx, target);
	const action = getDeleteAction(ctx, target, holder);
	// The id of a replaced object must become free, so it is deleted even if deletions only disable.
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

/** Returns true and warns if another resource holds the object, which is then kept; throws if the other one only declares it. */
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
 * Returns the error for a replaced object that could not be created again; undefined if it could, or if it is only deleted. A
 * forced replacement (`--replace`) does not call `diff`, so its deletion must check this.
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

/**
 * Throws under `onDrift: "fail"` if only the refresh of this run found that the object was changed, because nobody has seen the change
 * yet. The next run deletes the object: state has the change by then.
 */
function refuseIfRefreshFoundDrift<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
): void {
	if (!ctx.planCache.hasRefreshedDrift(ctx.resourceType.getKey(target))) return;
	if (resolveOnDrift(ctx, target.values) === "reconcile") return;
	throw new ResourceOperationError(
		"DriftRefused",
		`${getDisplayName(ctx, target)} was not deleted: the refresh of this run found that it was changed outside Pulumi, and onDrift is ` +
			'"fail". State now has the change. To delete the object anyway, run the command again.',
	);
}

/** Throws if an object that the plan found missing exists again, because no plan has shown its deletion. */
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
		`${getDisplayName(ctx, target)} was not deleted: the plan of this run found none, but ${isRecreated ? "another one" : "it"} exists ` +
			"now. Nothing was changed. Run the command again: the next plan compares it.",
	);
}

/** Tries once to delete the object. Returns the etag for the next attempt; undefined once the object is gone. */
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

/** Reads the object after a lost response. Returns its etag if it still exists; undefined if it is gone or counts as deleted. */
async function resolveOutcome<Inputs extends object>(
	operation: DeleteOperation<Inputs>,
	lostResponse: ResponseLost,
): Promise<string | undefined> {
	const { ctx, api, retry, shouldPurge } = operation;
	await retry.wait(lostResponse);
	const live = await readAfterLostResponse(ctx, operation, {
		attempted: "deleted",
		lostResponse,
		nextStep: ".",
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

/** Returns the etag for the deletion. Throws for another object with the same id, and for changes that no plan has shown. */
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
				"the same id. To delete the new one, run `pulumi refresh` first, which takes it over. To keep it, " +
				(ctx.holder === undefined
					? "run `pulumi state delete` for this resource."
					: "declare it in the fleet, which takes it over."),
		);
	}
	if (comparison.drift.length === 0) return live.etag;
	throw new ResourceOperationError(
		"ChangedElsewhere",
		`${name} was not deleted: somebody changed it since the last deployment.\n${formatThreeWayDiff(comparison.drift)}\n` +
			`Run \`pulumi refresh\` to record the change in state, then delete the object.`,
	);
}
