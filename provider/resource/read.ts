import { omitNullish, type Values } from "../values.ts";
import { getEtag, type ResourceContext } from "./context.ts";
import { detectDrift, type FieldDifference, wasRecreated } from "./drift.ts";
import { describeDeletion, formatChange, formatNotice, formatRecreation } from "./driftMessages.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import {
	DECLARED_OUTPUT,
	hasInputsNotReadBack,
	listDeclaredPaths,
	refreshManagedFields,
} from "./managedFields.ts";
import { pickPaths } from "./merge.ts";
import { DRIFT_OUTPUT, recordRefreshedDrift, restoreDeployedValues } from "./refreshedDrift.ts";
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
	const differences = detectDrift(ctx.resourceType, live, { outputs: olds });
	reportRefresh(ctx, target, { live, differences });
	const refreshedDrift = recordRefreshedDrift(ctx.resourceType, live, { olds, differences });
	const props = omitNullish({ ...refreshOutputs(ctx, live, olds), [DRIFT_OUTPUT]: refreshedDrift });
	// Inputs that say the same are kept, with what only a program adds to them.
	const isUnchanged = differences.length === 0 && getEtag(olds) !== "";
	return isUnchanged || hasInputsNotReadBack(ctx.resourceType.schema, olds)
		? { id, props }
		: { id, props, inputs: toLiveInputs(ctx, live, olds) };
}

/** What Pulumi's own display of the differences does not say. */
function reportRefresh<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ live, differences }: { live: LiveObject<Inputs>; differences: readonly FieldDifference[] },
): void {
	const { resourceType, runtime } = ctx;
	const olds = target.values;
	const isRecreated = wasRecreated(resourceType, olds, live);
	if (isRecreated) runtime.warn(formatRecreation(ctx, target));
	const notice = isRecreated ? undefined : resourceType.messages.formatRefreshNote(live, olds);
	if (notice !== undefined) runtime.warn(`${formatNotice(ctx, target, notice)}; state follows`);
	// Without live inputs the display names no property.
	const isHidden =
		hasInputsNotReadBack(resourceType.schema, olds) || (ctx.isHiddenFromDisplay === true && !isRecreated);
	const differencesToReport = isHidden
		? restoreDeployedValues(differences, olds).map(assumeDeployedDeclared)
		: [];
	if (differencesToReport.length > 0) runtime.warn(formatChange(ctx, target, differencesToReport));
}

/** What was declared is what the last deployment wrote. */
function assumeDeployedDeclared({ declared, ...difference }: FieldDifference): FieldDifference {
	return { ...difference, ...(difference.last && { declared: difference.last }) };
}

function refreshOutputs<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	live: LiveObject<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const declared = refreshManagedFields(resourceType.schema, olds, live.values as Values);
	return omitNullish({
		...buildOutputs(resourceType, live, olds, olds),
		...resourceType.oneTimeActions?.stateAfterRefresh(live, olds),
		[DECLARED_OUTPUT]: declared,
	});
}

function toLiveInputs<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	live: LiveObject<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const values = live.values as Values;
	const keptNames = [
		...listFieldNames(resourceType.schema, "requiresReplace"),
		...listFieldNames(resourceType.schema, "providerOption"),
	];
	return omitNullish({
		...Object.fromEntries(keptNames.map((name) => [name, olds[name] ?? values[name]])),
		...pickPaths(values, listDeclaredPaths(olds)),
	});
}
