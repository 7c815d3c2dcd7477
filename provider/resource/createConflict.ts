import type { Values } from "../values.ts";
import { writeWithRetry } from "./conditionalWrite.ts";
import { enforceInputs, getDisplayName, type ResourceContext } from "./context.ts";
import { wasCreatedByThisProgram } from "./creationProof.ts";
import { ObjectExists, PartiallyApplied, PreconditionFailed, ResourceOperationError } from "./errors.ts";
import type { Holder } from "./holder.ts";
import { mergeDesired } from "./merge.ts";
import { applyOneTimeAction, countAdoption, planAdoption } from "./oneTimeActions.ts";
import { createHeldTwiceError, hasDeclaredId } from "./ownership.ts";
import type { AdoptionPlan, LiveObject, ResourceApi, Target } from "./resourceType.ts";
import { matchesAll, toFieldValues } from "./schema.ts";

/** One creation in progress. */
export interface CreateOperation<Inputs extends object> {
	readonly ctx: ResourceContext<Inputs>;
	/** The inputs, derived ones included. */
	readonly inputs: Inputs;
	/** The inputs without derived ones. */
	readonly declared: Inputs;
	readonly target: Target;
	readonly api: ResourceApi<Inputs>;
	readonly startedAt: number;
	/** The record that is to hold the object. */
	readonly holder: Holder;
	/** The adoption, once an existing object is adopted. */
	adoption?: AdoptionPlan;
	/** Claims the object of this id for the record; throws if another record holds it. */
	readonly claimId: (id: string) => void;
}

/** The result of a creation. */
export interface CreateOutcome<Inputs> {
	readonly live: LiveObject<Inputs>;
	readonly isAdopted: boolean;
	/** The actions that the adoption carried out or leaves to the next run: `got a new secondary key`. Empty if there are none. */
	readonly notes: readonly string[];
}

/** Advice after the first adoption of a run: the provider cannot know whether state has an earlier record of the object. */
const EARLIER_RECORD_HINT =
	". If another resource of this stack held it until now, a complete `pulumi up` drops that record and deletes nothing. Before a " +
	"run with --target or --exclude, drop that record with `pulumi state delete`";

/**
 * Logs that objects were adopted; for the first adoption of a run, also what to do about earlier records.
 *
 * @param names the objects' names in messages
 * @param options `verb`: for one object or several; `notes`: what else the adoption did, as sentences without their periods
 */
export function logAdoption<Inputs extends object>(
	{ runtime }: Pick<ResourceContext<Inputs>, "runtime">,
	names: string,
	{ verb, notes }: { readonly verb: "was" | "were"; readonly notes: readonly string[] },
): void {
	const hint = runtime.claims.recordAdoption() ? EARLIER_RECORD_HINT : "";
	runtime.warn(
		[`${names} existed already and ${verb} adopted`, ...notes].join("; ") +
			(verb === "was" ? hint : hint.replace("held it", "held them")),
	);
}

/** Claims the object of this key for the resource; throws if another resource holds it, because both would write and delete it. */
export function claimOrThrow<Inputs extends object>(
	{ ctx, target, holder }: CreateOperation<Inputs>,
	key: string,
): void {
	const other = ctx.runtime.claims.tryClaim(key, holder);
	if (other === undefined) return;
	const isReplacement =
		holder.resourceHash !== "" &&
		holder.resourceHash === other.resourceHash &&
		holder.recordId !== other.recordId;
	// The replacement was killed between deletion and creation, so the object that exists now is another one.
	if (isReplacement && ctx.planCache.isRecreated(key)) {
		ctx.runtime.claims.release(key, other);
		ctx.runtime.claims.claimExisting(key, holder);
		return;
	}
	if (isReplacement) throw createBlockedReplacementError({ ctx, target });
	if (!hasDeclaredId(target)) throw createHeldTwiceError(ctx, target, { holder, other });
	throw new ResourceOperationError(
		"DeclaredTwice",
		`${getDisplayName(ctx, target)} is already in this stack: ${other.name} has it, as a resource of its own or in a fleet. It was not created ` +
			"again. Declare it in one place. To recreate it, remove it from the program for one run.",
	);
}

/** Returns an existing object that this program created or that is adopted; throws if it belongs to somebody else. */
export async function resolveExisting<Inputs extends object>(
	operation: CreateOperation<Inputs>,
	found: LiveObject<Inputs>,
	{ cause, lostResponse }: { cause: Error; lostResponse: Error | undefined },
): Promise<CreateOutcome<Inputs>> {
	const { ctx, inputs, startedAt } = operation;
	const evidence = lostResponse && { lostRequestMs: ctx.runtime.now() - startedAt };
	if (wasCreatedByThisProgram(ctx, found, { inputs: inputs as Values, ...evidence })) {
		logRecovery(operation, lostResponse);
		return { live: found, isAdopted: false, notes: [] };
	}
	if ((operation.inputs as Values)["adopt"] !== true) throw createAlreadyExistsError(operation, cause);
	const { target, holder } = operation;
	const key = ctx.resourceType.getKey({ ...target, id: found.id ?? target.id });
	claimOrThrow(operation, key);
	const { live, notes } = await adoptExisting(operation, found).catch((error: unknown) => {
		if (!(error instanceof PartiallyApplied)) ctx.runtime.claims.release(key, holder);
		throw error;
	});
	if (ctx.isHiddenFromDisplay !== true)
		logAdoption(ctx, getDisplayName(ctx, target), { verb: "was", notes: notes.map((note) => `it ${note}`) });
	return { live, isAdopted: true, notes };
}

/** Logs that an object counts as created by this program. Members of a fleet prove it, so they are logged only after an interrupted run. */
function logRecovery<Inputs extends object>(
	{ ctx, target }: CreateOperation<Inputs>,
	lostResponse: Error | undefined,
): void {
	const name = getDisplayName(ctx, target);
	if (lostResponse === undefined)
		ctx.runtime.warn(`${name} exists exactly as declared; it counts as created by an interrupted run`);
	else if (ctx.maxResumableAgeMs === undefined)
		ctx.runtime.warn(
			`${name} exists exactly as declared; it counts as created by the request whose response was lost`,
		);
}

/**
 * Updates an existing object to its declaration, under its etag, and carries out the actions that the declaration requests. Values
 * that are ignored or that nobody declares are kept.
 */
async function adoptExisting<Inputs extends object>(
	operation: CreateOperation<Inputs>,
	found: LiveObject<Inputs>,
): Promise<Omit<CreateOutcome<Inputs>, "isAdopted">> {
	const { ctx, api } = operation;
	const { oneTimeActions: actions, schema } = ctx.resourceType;
	const target = { ...operation.target, id: found.id ?? operation.target.id };
	const values = found.values as Values;
	const enforced = enforceInputs(ctx, operation.declared as Values, { live: values });
	const plan = planAdoption(ctx.resourceType, found, enforced);
	operation.adoption = plan;
	const { last, inputs, nextRun } = plan;
	const notes = nextRun === undefined ? [] : [nextRun];
	const isPending = actions?.isPending(last, inputs) === true;
	if (!isPending && matchesAll(toFieldValues(schema, inputs), toFieldValues(schema, values)))
		return { live: found, notes };
	countAdoption(ctx, target, { found, plan });
	const merged = mergeDesired(ctx.resourceType, { live: values, declared: inputs, unset: [] });
	const desired = applyOneTimeAction(ctx, target, { base: found, desired: merged, inputs, outputs: last });
	try {
		const live = await writeWithRetry(ctx, { api, target, desired: desired as Inputs, base: found });
		return { live, notes: isPending && actions ? [actions.describeDone(inputs), ...notes] : notes };
	} catch (error) {
		if (!(error instanceof PreconditionFailed)) throw error;
		throw new ResourceOperationError(
			"ChangedElsewhere",
			`${getDisplayName(ctx, target)} was changed by somebody else while it was being adopted; nothing was written. Run the command again.`,
			error,
		);
	}
}

/** Creates the error for an existing object that cannot be adopted because it cannot be read. */
export function createUnreadableObjectError<Inputs extends object>(
	{ ctx, target }: CreateOperation<Inputs>,
	cause: Error,
): ResourceOperationError {
	return new ResourceOperationError(
		"AlreadyExists",
		`${getDisplayName(ctx, target)} was not adopted: the service reports that it exists, but it cannot be read. It was deleted ` +
			"meanwhile, or is not visible yet. Nothing was written. Run the command again. If another resource of this program " +
			`gives the object up, make that resource depend on this one (\`dependsOn\`), or it may delete the object first. (${cause.message})`,
		cause,
	);
}

/** Creates the error for an existing object, with the remedy: adopt it, or let a replacement delete it first. */
export function createAlreadyExistsError<Inputs extends object>(
	{ ctx, target, holder }: CreateOperation<Inputs>,
	cause: Error,
): ResourceOperationError {
	const key = ctx.resourceType.getKey(target);
	const mayReplace = holder.createsFirst || ctx.runtime.claims.isReplacement(key);
	const isOtherObject = ctx.planCache.isMissing(key) || ctx.planCache.isRecreated(key);
	if (holder.isNew && mayReplace && !isOtherObject)
		return createBlockedReplacementError({ ctx, target, cause });
	const proofNote =
		ctx.maxResumableAgeMs === undefined
			? ""
			: "; nothing proves that an interrupted run of this program created it";
	const adoptAdvice =
		(cause instanceof ObjectExists ? cause.adoptAdvice : undefined) ??
		"To adopt it with the declared values, set `adopt: true` on it";
	return new ResourceOperationError(
		"AlreadyExists",
		`${getDisplayName(ctx, target)} exists already and was left as it is${proofNote}. ${adoptAdvice}; ${ctx.resourceType.messages.conflictAdvice}. (${cause.message})`,
		cause,
	);
}

/** Creates the error for a replacement that would be created before the old object is deleted. */
function createBlockedReplacementError<Inputs extends object>({
	ctx,
	target,
	cause,
}: Pick<CreateOperation<Inputs>, "ctx" | "target"> & { cause?: Error }): ResourceOperationError {
	const causeNote = cause === undefined ? "" : ` (${cause.message})`;
	return new ResourceOperationError(
		"AlreadyExists",
		`${getDisplayName(ctx, target)} exists already and was left as it is. If this run should replace it, remove \`deleteBeforeReplace: ` +
			"false` or `retainOnDelete: true` from the resource's options for this run, so that the old one is deleted first. " +
			`Otherwise it belongs to somebody else: declare another id.${causeNote}`,
		cause,
	);
}
