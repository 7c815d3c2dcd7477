import { DECLARED_OUTPUT, DRIFT_OUTPUT } from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { type Comparison, compare } from "./compare.ts";
import { getEtag, type ResourceContext } from "./context.ts";
import { createFieldDifference } from "./drift.ts";
import { describeDeletion, formatChange, formatNotice, formatRecreation } from "./driftMessages.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import { pickPaths } from "./merge.ts";
import type { LiveObject, Target } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";
import { buildOutputs } from "./state.ts";

/** What Pulumi expects of `read`; an empty id says that the object is gone. */
export interface ReadResult {
	id: string;
	props: Record<string, unknown>;
	inputs?: Record<string, unknown>;
}

/** The live object as outputs, and its declared fields as inputs so that a refresh names what differs. */
export async function read<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	olds: Values,
): Promise<ReadResult> {
	const { resourceType } = ctx;
	const target = { id, values: olds };
	const api = resourceType.connect("read");
	const observed = await readWithRetry(ctx, olds, () => api.getIfChanged(target, getEtag(olds), "strong"));
	if (observed === undefined) {
		if (getEtag(olds) !== "") ctx.runtime.warn(await describeDeletion(ctx, target, api));
		return { id: "", props: {} };
	}
	ctx.planCache.setRefresh(resourceType.getKey(target), observed);
	// Pulumi keeps the inputs that it has where there are none in the answer.
	return observed === "unchanged"
		? { id, props: omitNullish({ ...olds, ...resourceType.oneTimeActions?.stateIfUnchanged(olds) }) }
		: buildReadResult(ctx, target, observed);
}

/** An object that is not, or not provably, as state has it. */
function buildReadResult<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	live: LiveObject<Inputs>,
): ReadResult {
	const { id, values: olds } = target;
	const comparison = compare(ctx.resourceType, { state: olds, live });
	reportRefresh(ctx, target, { live, comparison });
	const props = omitNullish({
		...buildOutputs(ctx.resourceType, live, olds, olds),
		...ctx.resourceType.oneTimeActions?.stateAfterRefresh(live, olds),
		[DECLARED_OUTPUT]: comparison.refreshedManagedFields,
		[DRIFT_OUTPUT]: comparison.driftToRecord,
	});
	// Inputs that say the same are kept, with what only a program adds to them.
	const isUnchanged = comparison.drift.length === 0 && getEtag(olds) !== "";
	return isUnchanged || comparison.hasInputsNotReadBack
		? { id, props }
		: { id, props, inputs: toLiveInputs(ctx, target, { live, comparison }) };
}

/** What Pulumi's own display of the differences does not say. */
function reportRefresh<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ live, comparison }: { live: LiveObject<Inputs>; comparison: Comparison<Inputs> },
): void {
	const { resourceType, runtime } = ctx;
	const { wasRecreated } = comparison;
	if (wasRecreated) runtime.warn(formatRecreation(ctx, target));
	const notice = wasRecreated ? undefined : resourceType.messages.formatRefreshNote?.(live, target.values);
	if (notice !== undefined) runtime.warn(`${formatNotice(ctx, target, notice)}; state follows`);
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
	{ live, comparison }: { live: LiveObject<Inputs>; comparison: Comparison<Inputs> },
): Record<string, unknown> {
	const values = live.values as Values;
	const keptNames = [
		...listFieldNames(resourceType.schema, "requiresReplace"),
		...listFieldNames(resourceType.schema, "providerOption"),
	];
	return omitNullish({
		...Object.fromEntries(keptNames.map((name) => [name, olds[name] ?? values[name]])),
		...pickPaths(values, comparison.lastApplied),
	});
}
