import { DECLARED_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { deriveInputs, type ResourceContext } from "./context.ts";
import {
	type CreateOperation,
	type CreateOutcome,
	claimOrThrow,
	createAlreadyExistsError,
	createUnreadableObjectError,
	resolveExisting,
} from "./createConflict.ts";
import { ObjectExists, PartialError, PartiallyApplied, ResponseLost } from "./errors.ts";
import { retryUntilFound } from "./eventualConsistency.ts";
import { createHolder } from "./holder.ts";
import { readIgnoredPaths } from "./ignoredPaths.ts";
import { LostResponseRetry, readAfterLostResponse } from "./lostResponses.ts";
import { encodeFieldValues } from "./managedFields.ts";
import { addRecordMark, hasDeclaredId, toDeclaredTarget } from "./ownership.ts";
import type { LiveObject } from "./resourceType.ts";
import { hasEqualValue, toFieldValues } from "./schema.ts";
import { addIgnoredFields, buildOutputs } from "./state.ts";

/** The result that Pulumi expects from `create`. */
export interface CreateResult {
	id: string;
	outs: Record<string, unknown>;
}

/** An object that was created or adopted. */
export interface CreatedObject extends CreateResult {
	/** Whether the object already existed and was adopted because the inputs set `adopt`. */
	readonly isAdopted: boolean;
	/** The actions that the adoption carried out or leaves to the next run: `got a new secondary key`. */
	readonly notes: readonly string[];
}

/** Creates the object; adopts an existing one only if the inputs set `adopt`. */
export async function create<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	declared: Inputs,
): Promise<CreatedObject> {
	const { resourceType, runtime } = ctx;
	const inputs = deriveInputs(ctx, declared as Values) as Inputs;
	const target = toDeclaredTarget(ctx, inputs as Values);
	const holder = ctx.holder ?? createHolder(declared as Values);
	const claimedKeys = new Set<string>();
	const operation: CreateOperation<Inputs> = {
		ctx,
		inputs,
		declared,
		target,
		api: resourceType.connect("create"),
		startedAt: runtime.now(),
		holder,
		claimId: (id) => {
			const key = resourceType.getKey({ ...target, id });
			claimOrThrow(operation, key);
			claimedKeys.add(key);
		},
	};
	if (hasDeclaredId(target)) operation.claimId(target.id);
	const buildMarkedOutputs = (live: LiveObject<Inputs>): Record<string, unknown> =>
		addRecordMark(ctx, buildCreatedOutputs(operation, live), holder.recordId);
	try {
		const { live, isAdopted, notes } = await createWithRetry(operation);
		if (!hasDeclaredId(target)) claimAssignedId(operation, live);
		return { id: live.id ?? target.id, outs: buildMarkedOutputs(live), isAdopted, notes };
	} catch (error) {
		if (!(error instanceof PartiallyApplied)) {
			for (const key of claimedKeys) runtime.claims.release(key, holder);
			throw error;
		}
		const live = error.live as LiveObject<Inputs>;
		if (!hasDeclaredId(target)) claimAssignedId(operation, live);
		throw new PartialError(live.id ?? target.id, buildMarkedOutputs(live), error);
	}
}

/**
 * Builds the outputs of the object. Ignored fields of an adopted object keep their live values; those that a partially applied creation
 * did not write do not count as deployed, so that the next update writes them.
 */
function buildCreatedOutputs<Inputs extends object>(
	{ ctx, target, adoption }: CreateOperation<Inputs>,
	live: LiveObject<Inputs>,
): Record<string, unknown> {
	const { resourceType } = ctx;
	const { schema } = resourceType;
	const { inputs, last } = adoption ?? { inputs: target.values, last: {} };
	const outputs = buildOutputs(resourceType, live, inputs, last);
	const ignored = readIgnoredPaths(schema, target.values);
	if (ignored.isEmpty) return outputs;
	const liveValues = toFieldValues(schema, live.values as Values);
	const declared = [...toFieldValues(schema, target.values).values()];
	if (adoption !== undefined) {
		const written = toFieldValues(schema, inputs);
		const kept = declared.filter((each) => ignored.covers(each) && !written.has(each.path));
		return addIgnoredFields(outputs, { deployed: kept, live: liveValues });
	}
	const deployed = declared.filter(
		(each) => !ignored.covers(each) || hasEqualValue(each, liveValues.get(each.path)),
	);
	return { ...outputs, [DECLARED_OUTPUT]: encodeFieldValues(deployed) };
}

/** Claims an object by the id that the service assigned, instead of by the declared values. */
function claimAssignedId<Inputs extends object>(
	{ ctx, target, holder }: CreateOperation<Inputs>,
	live: LiveObject<Inputs>,
): void {
	const { resourceType, runtime } = ctx;
	runtime.claims.claimExisting(resourceType.getKey({ ...target, id: live.id ?? "" }), holder);
	runtime.claims.dropDeclaredKey(resourceType.getKey(target), holder);
}

/** Creates the object; after a lost response, reads it to find out whether it was created. */
async function createWithRetry<Inputs extends object>(
	operation: CreateOperation<Inputs>,
): Promise<CreateOutcome<Inputs>> {
	const retry = new LostResponseRetry(operation.ctx.runtime);
	let lostResponse: Error | undefined;
	for (;;) {
		try {
			const live = await operation.api.create(operation.inputs, operation.claimId);
			return { live, isAdopted: false, notes: [] };
		} catch (error) {
			if (error instanceof ObjectExists) return handleObjectExists(operation, error, lostResponse);
			if (!(error instanceof ResponseLost)) throw error;
			lostResponse = error;
			await retry.wait(error);
			const found = await readAfterLostResponse(operation.ctx, operation, {
				attempted: "created",
				lostResponse: error,
				nextStep: explainNextStep(operation),
			});
			// If the service assigns ids, a similar object proves nothing; another attempt to create decides.
			if (found !== undefined && hasDeclaredId(operation.target))
				return resolveExisting(operation, found, { cause: error, lostResponse: error });
			retry.allowRetry(error);
		}
	}
}

function explainNextStep<Inputs extends object>({ ctx }: CreateOperation<Inputs>): string {
	return ctx.maxResumableAgeMs === undefined
		? "; if the object was created, set `adopt: true` on it for that run."
		: ", which recognizes the object if it exists and proves its creator.";
}

/** Resolves an object that already exists: this program created it, it is adopted, or it belongs to somebody else. */
async function handleObjectExists<Inputs extends object>(
	operation: CreateOperation<Inputs>,
	conflict: ObjectExists,
	lostResponse: Error | undefined,
): Promise<CreateOutcome<Inputs>> {
	const shouldAdopt = (operation.inputs as Values)["adopt"] === true;
	const canResume = operation.ctx.maxResumableAgeMs !== undefined;
	if (lostResponse === undefined && !shouldAdopt && !canResume)
		throw createAlreadyExistsError(operation, conflict);
	const target = { ...operation.target, id: conflict.id ?? operation.target.id };
	const found = await retryUntilFound(operation.ctx.runtime, "known", () => operation.api.get(target));
	if (found === undefined)
		throw shouldAdopt
			? createUnreadableObjectError(operation, conflict)
			: createAlreadyExistsError(operation, conflict);
	return resolveExisting(operation, found, { cause: conflict, lostResponse });
}
