import { DECLARED_ONLY_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { compare } from "./compare.ts";
import { createDeletedElsewhereError, writeWithRetry } from "./conditionalWrite.ts";
import {
	countLimitedActions,
	enforceInputs,
	getDisplayName,
	getEtag,
	type ResourceContext,
} from "./context.ts";
import { formatThreeWayDiff } from "./driftMessages.ts";
import { PartialError, PartiallyApplied, PreconditionFailed, ResourceOperationError } from "./errors.ts";
import { keepOrCreateMark } from "./holder.ts";
import { mergeDesired } from "./merge.ts";
import { applyOneTimeAction } from "./oneTimeActions.ts";
import { addRecordMark } from "./ownership.ts";
import type { LiveObject, ResourceApi, Target } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";
import { addIgnoredFields, buildOutputs } from "./state.ts";

/** The result that Pulumi expects from `update`. */
export interface UpdateResult {
	outs: Record<string, unknown>;
}

interface UpdateOperation<Inputs extends object> {
	readonly ctx: ResourceContext<Inputs>;
	readonly target: Target;
	readonly api: ResourceApi<Inputs>;
	readonly olds: Values;
	readonly news: Values;
}

/** Updates the object by one conditional write, under the etag that the plan saw; writes nothing if it is as declared. */
export async function update<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	id: string,
	{ olds, news: inputs }: { olds: Values; news: Values },
): Promise<UpdateResult> {
	const planned: UpdateOperation<Inputs> = {
		ctx,
		target: { id, values: olds },
		api: ctx.resourceType.connect("update"),
		olds,
		news: enforceInputs(ctx, inputs, { olds }),
	};
	countLimitedActions(ctx, planned.target, planned.news);
	const base = await readBase(planned);
	const live = base.values as Values;
	const operation = { ...planned, news: enforceInputs(ctx, inputs, { olds, live }) };
	// The write destroys the evidence of the object's previous values.
	const last = { ...olds, ...ctx.resourceType.oneTimeActions?.stateAfterRefresh(base, olds) };
	const mark = keepOrCreateMark(olds, inputs);
	const buildMarkedOutputs = (live: LiveObject<Inputs>): Record<string, unknown> =>
		addRecordMark(ctx, buildUpdatedOutputs(operation, live, last), mark);
	try {
		return { outs: buildMarkedOutputs(await writeDesired(operation, base)) };
	} catch (error) {
		if (error instanceof PreconditionFailed) throw await createChangedElsewhereError(operation, error);
		if (!(error instanceof PartiallyApplied)) throw error;
		throw new PartialError(id, buildMarkedOutputs(error.live as LiveObject<Inputs>), error);
	}
}

/** Builds the outputs of the written object, which keep the record of fields that are ignored. */
function buildUpdatedOutputs<Inputs extends object>(
	{ ctx, olds, news }: UpdateOperation<Inputs>,
	live: LiveObject<Inputs>,
	last: Values,
): Record<string, unknown> {
	const { resourceType } = ctx;
	const written = toFieldValues(resourceType.schema, news);
	const { ignoredFields } = compare(resourceType, { state: olds, declared: news });
	return addIgnoredFields(buildOutputs(resourceType, live, news, last), {
		deployed: ignoredFields.filter(({ path }) => !written.has(path)),
		live: toFieldValues(resourceType.schema, live.values as Values),
	});
}

/** Returns the object as the plan saw it, with every value that a full replacement must carry over. */
async function readBase<Inputs extends object>(
	operation: UpdateOperation<Inputs>,
): Promise<LiveObject<Inputs>> {
	const { ctx, target, api, olds } = operation;
	const observed = ctx.planCache.take(ctx.resourceType.getKey(target));
	if (observed !== undefined && observed !== "unchanged") return observed;
	// State that has only declared values lacks the values to carry over, so they must be read.
	const isComplete = observed === "unchanged" && olds[DECLARED_ONLY_OUTPUT] !== true;
	const stored = isComplete ? ctx.resourceType.fromState(olds) : undefined;
	if (stored !== undefined) return { ...stored, id: target.id };
	const found = await api.get(target);
	if (found === undefined) throw createDeletedElsewhereError(ctx, target, "after this plan was made");
	const comparison = compare(ctx.resourceType, { state: olds, live: found });
	if (!comparison.wasRecreated && found.etag === getEtag(olds)) return found;
	// A plan that saw the object unchanged has not shown later changes.
	if (observed === undefined && !comparison.wasRecreated && comparison.drift.length === 0) return found;
	throw await createChangedElsewhereError(operation);
}

async function writeDesired<Inputs extends object>(
	operation: UpdateOperation<Inputs>,
	base: LiveObject<Inputs>,
): Promise<LiveObject<Inputs>> {
	const { ctx, target, api, olds, news } = operation;
	const { unset } = compare(ctx.resourceType, { state: olds, declared: news });
	const live = base.values as Values;
	const desired = mergeDesired(ctx.resourceType, { live, declared: news, unset });
	const objectToWrite = applyOneTimeAction(ctx, target, { base, desired, inputs: news, outputs: olds });
	if (isAsDesired(ctx, objectToWrite, live)) return base;
	return writeWithRetry(ctx, { api, target, desired: objectToWrite as Inputs, base });
}

/** Whether the object already has the desired values, under any etag, so that no write is needed. */
function isAsDesired<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	desired: Values,
	live: Values,
): boolean {
	const expected = toFieldValues(resourceType.schema, desired);
	const actual = toFieldValues(resourceType.schema, live);
	return matchesAll(expected, actual) && matchesAll(actual, expected);
}

/** Creates the error for a change between the plan and the write, with a three-way diff. */
async function createChangedElsewhereError<Inputs extends object>(
	operation: UpdateOperation<Inputs>,
	cause?: Error,
): Promise<ResourceOperationError> {
	const { ctx, target, api, olds, news } = operation;
	const found = await api.get(target);
	if (found === undefined) return createDeletedElsewhereError(ctx, target, "after this plan was made");
	const { drift } = compare(ctx.resourceType, { state: olds, declared: news, live: found });
	const detail =
		drift.length === 0 ? "    No declared field differs; only the etag changed." : formatThreeWayDiff(drift);
	return new ResourceOperationError(
		"ChangedElsewhere",
		`${getDisplayName(ctx, target)} was changed by somebody else after this plan was made; nothing was written.\n${detail}\n` +
			`Run the command again: the next plan shows the change and what will be done about it.`,
		cause,
	);
}
