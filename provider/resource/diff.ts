import { hasUnknown, type Values } from "../values.ts";
import { type Comparison, compare } from "./compare.ts";
import {
	countLimitedActions,
	enforceInputs,
	getDisplayName,
	getEtag,
	type ResourceContext,
} from "./context.ts";
import { needsReconcile } from "./drift.ts";
import { type DeletionReport, describeDeletion, formatChange, formatRecreation } from "./driftMessages.ts";
import { type DriftReport, isRefreshing, refuseDrift, resolveOnDrift } from "./driftPolicy.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import { type Holder, identifyHolder, wasRenamed } from "./holder.ts";
import { explainWeakIdentity } from "./identity.ts";
import { decideReplacement, type IdentityDecision } from "./identityProof.ts";
import {
	createHeldTwiceError,
	describeHandover,
	findOtherHolder,
	planEarlyDeletion,
	requireDeletionOrder,
	requireReplaceable,
	toDeclaredTarget,
	warnOfPossibleAdopters,
} from "./ownership.ts";
import type { ObservedObject } from "./planCache.ts";
import type { ResourceApi, Target } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";

/** The result that Pulumi expects from `diff`. */
export interface DiffResult {
	changes: boolean;
	replaces: string[];
	deleteBeforeReplace: boolean;
}

/** A planned update or replacement, with details that Pulumi does not need. */
export interface ResourcePlan extends DiffResult {
	/**
	 * What an update changes, as paths and phrases: `status`, `gets a new secondary key`. Empty if only state changes, and for a
	 * replacement.
	 */
	readonly changeNotes: readonly string[];
}

/** Plans an update or a replacement, as {@link planResource} does, and returns what Pulumi expects. */
export async function diff<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	versions: { olds: Values; news: Values },
): Promise<DiffResult> {
	const { changes, replaces, deleteBeforeReplace } = await planResource(ctx, id, versions);
	return { changes, replaces, deleteBeforeReplace };
}

/**
 * Plans an update or a replacement: compares the inputs with the last deployment and with the live object. An equal etag proves
 * that the object is unchanged; under another etag the declared fields decide. It also claims the object for its record, counts limited
 * actions, warns of drift, and caches the live object for the update.
 *
 * @param versions `identity`: what the declared identity means, if that is decided already
 */
export async function planResource<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	{ olds, news: inputs, identity }: { olds: Values; news: Values; identity?: IdentityDecision },
): Promise<ResourcePlan> {
	const { resourceType, planCache, runtime } = ctx;
	const news = enforceInputs(ctx, inputs, { olds });
	const target = { id, values: olds };
	const holder = ctx.holder ?? identifyHolder(olds, inputs);
	const { replaces, isRecorded } = identity ?? (await decideReplacement(ctx, target, news));
	if (replaces.length > 0) {
		planReplacement(ctx, target, { news, replaces, holder });
		return { changes: true, replaces: [...replaces], deleteBeforeReplace: true, changeNotes: [] };
	}
	const key = resourceType.getKey(target);
	const rival = isRefreshing(ctx) ? undefined : runtime.claims.findRival(key, holder);
	if (rival !== undefined) throw createHeldTwiceError(ctx, target, { holder, other: rival });
	runtime.claims.claimExisting(key, holder);
	const api = resourceType.connect("read");
	const observed = await observeObject(ctx, target, api);
	if (observed === undefined) {
		runtime.claims.release(key, holder);
		planCache.markMissing(key);
		planCache.markMissing(resourceType.getKey({ ...target, id: resourceType.getId(news as Inputs) }));
		return planRecreation(ctx, news, await describeDeletion(ctx, target, api));
	}
	// In an update, the engine diffs dependents of a replacement before it knows their inputs, and diffs them again later.
	const isComplete = ctx.isHiddenFromDisplay === true || !hasUnknown(news);
	if (isComplete) planCache.setPlan(key, observed);
	const comparison = compare(resourceType, { state: olds, declared: news, live: observed });
	const hasDrift = reportDrift(ctx, target, { comparison, news });
	const hasAcceptedDrift = checkRefreshedDrift(ctx, target, { comparison, news });
	if (isComplete && !isRefreshing(ctx)) countLimitedActions(ctx, target, news);
	const actions = resourceType.oneTimeActions;
	const pendingAction = actions?.isPending(olds, news) === true ? actions.describe(news) : undefined;
	if (pendingAction !== undefined && ctx.isHiddenFromDisplay !== true)
		ctx.runtime.warn(`${getDisplayName(ctx, target)} ${pendingAction}`);
	const needsNewMark = ctx.holder === undefined && wasRenamed(olds, inputs);
	const changes =
		hasDrift ||
		hasAcceptedDrift ||
		isRecorded ||
		pendingAction !== undefined ||
		needsNewMark ||
		comparison.hasDeclaredChange;
	const changeNotes = changes ? listChangeNotes(ctx, comparison, pendingAction) : [];
	return { changes, replaces: [], deleteBeforeReplace: false, changeNotes };
}

/** Returns what an update changes, for {@link ResourcePlan.changeNotes}. */
function listChangeNotes<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	{ changedFields, wasRecreated }: Comparison<Inputs>,
	pendingAction: string | undefined,
): readonly string[] {
	return [
		...(resourceType.messages.summarizeChanges?.(changedFields) ?? changedFields),
		...(wasRecreated ? ["created again outside Pulumi"] : []),
		...(pendingAction === undefined ? [] : [pendingAction]),
	];
}

/**
 * Checks, counts and logs a replacement that the inputs require, because Pulumi's display does not name the object. A replacement
 * deletes the object before any other resource can adopt it. Inputs that are not known yet are skipped.
 */
function planReplacement<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ news, replaces, holder }: { news: Values; replaces: readonly string[]; holder: Holder },
): void {
	const { resourceType, runtime } = ctx;
	if (replaces.some((name) => hasUnknown(news[name]))) return;
	const replacementName = getDisplayName(ctx, toDeclaredTarget(ctx, news));
	const differing = `${replaces.join(" and ")} ${replaces.length === 1 ? "differs" : "differ"}`;
	const reason = [differing, ...explainWeakIdentity(resourceType.schema, news, replaces)].join(", and ");
	const other = findOtherHolder(ctx, target, holder);
	if (other !== undefined) {
		requireDeletionOrder(holder, [[resourceType.getLabel(target), other]]);
		runtime.warn(`${describeHandover(ctx, target, other)}; ${replacementName} is created`);
		return;
	}
	requireReplaceable(ctx, target);
	runtime.changeLimits.countOrThrow(
		resourceType.deleteAction,
		resourceType.getKey(target),
		getDisplayName(ctx, target),
	);
	planEarlyDeletion(ctx, target, holder, toDeclaredTarget(ctx, news));
	warnOfPossibleAdopters(ctx, holder);
	if (ctx.isHiddenFromDisplay !== true)
		runtime.warn(
			`${getDisplayName(ctx, target)} will be ${resourceType.deleteAction}d, and ${replacementName} created in its place: ${reason}`,
		);
}

/** Returns the object that the refresh before this plan read, or reads it in the cheapest way. */
async function observeObject<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	api: ResourceApi<Inputs>,
): Promise<ObservedObject<Inputs> | undefined> {
	const olds = target.values;
	const refreshed = ctx.planCache.getRefresh(ctx.resourceType.getKey(target));
	if (refreshed !== undefined) return refreshed;
	return readWithRetry(ctx, olds, () => api.getIfChanged(target, getEtag(olds), "eventual"));
}

/** Warns of drift, or throws if the stack refuses it. Returns whether the plan must handle it. */
function reportDrift<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ comparison, news }: { comparison: Comparison<Inputs>; news: Values },
): boolean {
	const { wasRecreated, drift } = comparison;
	if (wasRecreated) ctx.planCache.markRecreated(ctx.resourceType.getKey(target));
	if (!wasRecreated && drift.length === 0) return false;
	const differences = comparison.driftSinceDeployment;
	if (wasRecreated) {
		warnOrThrow(ctx, news, {
			code: "RecreatedElsewhere",
			message: formatRecreation(ctx, target, differences),
		});
	} else if (differences.length > 0) {
		const text = formatChange(ctx, target, differences);
		// A change to the declared value needs no policy: an interrupted run of this program may have made it.
		if (differences.some(needsReconcile)) warnOrThrow(ctx, news, { code: "DriftRefused", message: text });
		else ctx.runtime.warn(text);
	}
	return true;
}

/**
 * Refuses, under `fail`, drift that an earlier refresh recorded in state, as {@link reportDrift} refuses new drift: writing the
 * declared value back would undo somebody's change although the stack forbids it. Under `reconcile`, it warns only if Pulumi's display
 * cannot show the drift, because the refresh could not update state's inputs.
 *
 * @returns whether the program now declares such a change. An update without a write must then record it in state, or the program's
 *   next change of the field would be refused as well
 */
function checkRefreshedDrift<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ comparison, news }: { comparison: Comparison<Inputs>; news: Values },
): boolean {
	const refusesDrift = !isRefreshing(ctx) && resolveOnDrift(ctx, news) === "fail";
	if (!refusesDrift && !comparison.hasInputsNotReadBack) return false;
	const { pending, accepted } = comparison.refreshedDrift;
	if (pending.length > 0)
		warnOrThrow(ctx, news, { code: "DriftRefused", message: formatChange(ctx, target, pending) });
	return refusesDrift && accepted.length > 0;
}

/** Plans to create an object again that somebody deleted; throws if the stack refuses that. */
function planRecreation<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	news: Values,
	{ message, hasReplacement }: DeletionReport,
): ResourcePlan {
	refuseDrift(ctx, news, { code: "DeletedElsewhere", message, hasReplacement });
	ctx.runtime.warn(`${message}; it will be created again`);
	return {
		changes: true,
		replaces: listFieldNames(ctx.resourceType.schema, "requiresReplace").slice(0, 1),
		deleteBeforeReplace: true,
		changeNotes: [],
	};
}

function warnOrThrow<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	news: Values,
	report: DriftReport,
): void {
	refuseDrift(ctx, news, report);
	ctx.runtime.warn(report.message);
}
