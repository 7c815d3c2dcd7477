import { DECLARED_OUTPUT, DRIFT_OUTPUT } from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { type Comparison, compare } from "./compare.ts";
import { getEtag, type ResourceContext } from "./context.ts";
import { createFieldDifference } from "./drift.ts";
import { describeDeletion, formatChange, formatNotice, formatRecreation } from "./driftMessages.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import { encodeIdentityValue } from "./managedFields.ts";
import { pickPaths } from "./merge.ts";
import type { LiveObject, Target } from "./resourceType.ts";
import { listFieldNames, type Schema } from "./schema.ts";
import { buildOutputs } from "./state.ts";

/** The result that Pulumi expects from `read`; an empty id means that the object is gone. */
export interface ReadResult {
	id: string;
	props: Record<string, unknown>;
	inputs?: Record<string, unknown>;
}

/** Returns the live object as outputs, and its declared fields as inputs, so that a refresh shows what differs. */
export async function read<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	olds: Values,
): Promise<ReadResult> {
	const { resourceType } = ctx;
	ctx.runtime.claims.beginRefresh();
	const target = { id, values: olds };
	const api = resourceType.connect("read");
	const observed = await readWithRetry(ctx, olds, () => api.getIfChanged(target, getEtag(olds), "strong"));
	if (observed === undefined) {
		if (getEtag(olds) !== "") ctx.runtime.warn((await describeDeletion(ctx, target, api)).message);
		return { id: "", props: {} };
	}
	const comparison = compare(resourceType, { state: olds, live: observed });
	const hasDrift = comparison.wasRecreated || comparison.drift.length > 0;
	ctx.planCache.setRefresh(resourceType.getKey(target), observed, hasDrift);
	// Pulumi keeps its inputs if the result has none.
	return observed === "unchanged"
		? { id, props: omitNullish({ ...olds, ...resourceType.oneTimeActions?.stateIfUnchanged(olds) }) }
		: buildReadResult(ctx, target, { live: observed, comparison });
}

/** Builds the result for an object that differs from state, or may differ. */
function buildReadResult<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ live, comparison }: { live: LiveObject<Inputs>; comparison: Comparison<Inputs> },
): ReadResult {
	const { id, values: olds } = target;
	reportRefresh(ctx, target, { live, comparison });
	const props = omitNullish({
		...buildOutputs(ctx.resourceType, live, olds, olds),
		...ctx.resourceType.oneTimeActions?.stateAfterRefresh(live, olds),
		[DECLARED_OUTPUT]: comparison.refreshedManagedFields,
		[DRIFT_OUTPUT]: comparison.driftToRecord,
	});
	// Equal inputs are kept, because a program may declare values that the service does not return.
	const isUnchanged = comparison.drift.length === 0 && getEtag(olds) !== "";
	return isUnchanged || comparison.hasInputsNotReadBack
		? { id, props }
		: { id, props, inputs: toLiveInputs(ctx, target, { live, comparison, props }) };
}

/** Warns of changes that Pulumi's own display does not show. */
function reportRefresh<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ live, comparison }: { live: LiveObject<Inputs>; comparison: Comparison<Inputs> },
): void {
	const { resourceType, runtime } = ctx;
	const { wasRecreated } = comparison;
	if (wasRecreated) runtime.warn(formatRecreation(ctx, target));
	const notice = wasRecreated ? undefined : resourceType.messages.formatRefreshNote?.(live, target.values);
	if (notice !== undefined)
		runtime.warn(`${formatNotice(ctx, target, notice)}; the refresh records this in state`);
	// Without live inputs the display names no property.
	const isHidden = comparison.hasInputsNotReadBack || (ctx.isHiddenFromDisplay === true && !wasRecreated);
	if (!isHidden) return;
	// The last deployment is what was declared.
	const differences = comparison.driftSinceDeployment.map(({ path, last, live: current }) =>
		createFieldDifference(path, { last, live: current, declared: last }),
	);
	if (differences.length > 0) runtime.warn(formatChange(ctx, target, differences));
}

/** Returns the declared fields of the live object as inputs, with the identity and the provider options that state has. */
function toLiveInputs<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	{ values: olds }: Target,
	{ live, comparison, props }: { live: LiveObject<Inputs>; comparison: Comparison<Inputs>; props: Values },
): Record<string, unknown> {
	const { schema } = resourceType;
	const values = live.values as Values;
	const identity = listFieldNames(schema, "requiresReplace").map((name) => [
		name,
		isSameIdentity(schema, name, { before: olds[name], now: props[name] })
			? props[name]
			: (olds[name] ?? values[name]),
	]);
	const options = listFieldNames(schema, "providerOption").map((name) => [name, olds[name] ?? values[name]]);
	return omitNullish({
		...Object.fromEntries([...identity, ...options]),
		...pickPaths(values, comparison.lastApplied),
	});
}

/** Whether an output identifies the same object as before. It can have another spelling than state of an earlier release. */
function isSameIdentity<Inputs extends object>(
	schema: Schema<Inputs>,
	name: keyof Inputs & string,
	{ before, now }: { before: unknown; now: unknown },
): boolean {
	return (
		now !== undefined && encodeIdentityValue(schema, name, before) === encodeIdentityValue(schema, name, now)
	);
}
