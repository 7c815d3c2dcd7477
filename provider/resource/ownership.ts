import { RECORD_OUTPUT } from "../stateKeys.ts";
import { isUnknown, type Values } from "../values.ts";
import type { CheckResult } from "./check.ts";
import type { Declaration, OtherHolder } from "./claims.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import { ResourceOperationError } from "./errors.ts";
import { type Holder, readHiddenInputs } from "./holder.ts";
import type { Target } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";

/** How many names a message lists. */
const MAX_LISTED_NAMES = 5;

/** Whether the program names the object; where the service chooses ids nobody knows beforehand which object it will be. */
export function hasDeclaredId({ id }: Target): boolean {
	return id !== "";
}

/** The object that inputs declare, as far as they tell. */
export function toDeclaredTarget<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	inputs: Values,
): Target {
	return { id: resourceType.getId(inputs as Inputs), values: inputs };
}

/** What one resource of one object declares, for the claims of this run; undefined while its identity is unknown. */
export function createDeclaration<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): Declaration | undefined {
	const findKey = (inputs: Values): string | undefined =>
		listFieldNames(ctx.resourceType.schema, "requiresReplace").some((name) => isUnknown(inputs[name]))
			? undefined
			: ctx.resourceType.getKey(toDeclaredTarget(ctx, inputs));
	const key = findKey(news);
	if (key === undefined) return undefined;
	const { name, resourceHash } = readHiddenInputs(news);
	const previousKey = Object.keys(olds).length === 0 ? undefined : findKey(olds);
	return {
		name,
		resourceHash,
		key,
		getDeclaredKeys: () => new Set([key]),
		getPreviousKeys: () => new Set(previousKey === undefined ? [] : [previousKey]),
	};
}

/**
 * What a check learns of a resource that declares objects of which nobody knows yet which they are: in a preview, an id that another
 * resource makes. It can only warn: whether they are those that are given up is known when it is too late.
 */
export function declareUnresolved<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	news: Values,
): void {
	if (news["adopt"] !== true) return;
	const adopter = readHiddenInputs(news);
	runtime.claims.declareUnresolved(adopter);
	for (const deleter of runtime.claims.findPossibleDeleters(adopter))
		runtime.warn(describePossibleConflict(deleter.name, adopter.name));
}

/** Warns of the resources that may turn out to declare what a plan gives up. */
export function warnOfPossibleAdopters<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	deleter: Holder,
): void {
	for (const adopter of runtime.claims.findPossibleAdopters(deleter))
		runtime.warn(describePossibleConflict(deleter.name, adopter.name));
}

function describePossibleConflict(deleter: string, adopter: string): string {
	return (
		`${deleter} gives up objects, and which objects ${adopter} takes over is not known yet. If they are the same, let ${deleter} depend ` +
		`on ${adopter} (\`dependsOn\`), or they may be deleted first`
	);
}

/** The result of a check, once what it declares is remembered or refused: an earlier plan may be about to delete it. */
export function registerDeclaration<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	result: CheckResult,
	declaration: Declaration,
): CheckResult {
	const reason = describeConflicts(ctx, declaration);
	if (reason !== undefined) return { ...result, failures: [{ property: "", reason }] };
	ctx.runtime.claims.addDeclaration(declaration);
	return result;
}

/** Why a resource cannot have objects that another one is about to delete; undefined where there is no such object. */
function describeConflicts<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	declaration: Declaration,
): string | undefined {
	const conflicts = runtime.claims.findConflicts(declaration);
	const [deleter] = conflicts.values();
	if (deleter === undefined) return undefined;
	const names = [...conflicts.keys()].map((key) => key.slice(key.lastIndexOf("/") + 1));
	return `${describeOrderConflict(deleter.name, declaration.name, names)} [HeldElsewhere]`;
}

/** What is wrong with two resources of which the one deletes objects before the other one takes them over, and what to do. */
function describeOrderConflict(deleter: string, adopter: string, names: readonly string[]): string {
	const shown = names.slice(0, MAX_LISTED_NAMES).join(", ");
	const more = names.length > MAX_LISTED_NAMES ? ` and ${names.length - MAX_LISTED_NAMES} more` : "";
	const pronoun = names.length === 1 ? "it" : "them";
	return (
		`${deleter} gives up ${shown}${more} and does not depend on ${adopter}, which declares ${pronoun}: a run may delete ${pronoun} ` +
		`before ${adopter} takes ${pronoun} over. Let ${deleter} depend on ${adopter} (\`dependsOn\`) and set \`adopt: true\` on ` +
		`${adopter}. To create ${pronoun} anew instead, remove ${pronoun} in one run and declare ${pronoun} in the next.`
	);
}

/**
 * Who else has the object of a record, under the id that the service knows it by, or else by what the program declares of it.
 *
 * @param holder the record that asks
 */
export function findOtherHolder<Inputs extends object>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	target: Target,
	holder: Holder,
): OtherHolder | undefined {
	const found = runtime.claims.findOther(resourceType.getKey(target), holder);
	if (found !== undefined || resourceType.getId(target.values as Inputs) !== "") return found;
	return runtime.claims.findOther(resourceType.getKey({ ...target, id: "" }), holder);
}

/**
 * A plan gives up an object: under the id that the service knows it by, and under what another resource may declare of it, unless
 * that is declared of its successor, too.
 *
 * @param replacement what takes its place; absent where nothing does
 */
export function planEarlyDeletion<Inputs extends object>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	target: Target,
	holder: Holder,
	replacement?: Target,
): void {
	runtime.claims.planEarlyDeletion(resourceType.getKey(target), holder);
	if (resourceType.getId(target.values as Inputs) !== "") return;
	const declaredKey = resourceType.getKey({ ...target, id: "" });
	if (replacement === undefined || resourceType.getKey(replacement) !== declaredKey)
		runtime.claims.planEarlyDeletion(declaredKey, holder);
}

/**
 * Refuses to hand objects over to a resource that may be registered later: what gives them up deletes them as soon as its own turn
 * comes, and the order of registrations is another one in each run.
 *
 * @param departing the objects, by how messages name them, each with who else has it
 * @throws ResourceOperationError HeldElsewhere
 */
export function requireDeletionOrder(
	deleter: Holder,
	departing: Iterable<readonly [string, OtherHolder]>,
): void {
	const { dependencies } = deleter;
	if (dependencies === undefined) return;
	const unordered = [...departing].filter(
		([, { resourceHash }]) => resourceHash !== "" && !dependencies.has(resourceHash),
	);
	const [first] = unordered;
	if (first === undefined) return;
	const [, adopter] = first;
	const names = unordered
		.filter(([, { resourceHash }]) => resourceHash === adopter.resourceHash)
		.map(([name]) => name);
	throw new ResourceOperationError("HeldElsewhere", describeOrderConflict(deleter.name, adopter.name, names));
}

/** Says that an object stays although its record ends. */
export function describeHandover<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): string {
	return `${getDisplayName(ctx, target)} stays as it is: ${name} has it now, so only this record of it ends`;
}

/** Refuses to delete an object that another resource declares and has not taken over. */
export function createHeldElsewhereError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): ResourceOperationError {
	const replacementAdvice =
		` If ${name} itself is to be replaced, under a new name or in state of release 0.1.0, take it out of the program for one run ` +
		"and declare it again in the next.";
	return new ResourceOperationError(
		"HeldElsewhere",
		`${getDisplayName(ctx, target)} was not deleted: ${name} declares it and has not taken it over yet. Run the command again ` +
			`once ${name} has succeeded.${replacementAdvice}`,
	);
}

/** Refuses to replace an object that could not be created again. */
export function requireReplaceable<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
): void {
	const reason = ctx.resourceType.explainNoReplacement?.(target.values);
	if (reason !== undefined) throw createNotReplaceableError(ctx, target, reason);
}

/** The error of an object that could not be created again. */
export function createNotReplaceableError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	reason: string,
): ResourceOperationError {
	return new ResourceOperationError(
		"NotReplaceable",
		`${getDisplayName(ctx, target)} was not replaced: ${reason}`,
	);
}

/** Outputs with the mark of the record that they are of; a member of a fleet has none of its own. */
export function addRecordMark<Inputs extends object>(
	{ holder }: ResourceContext<Inputs>,
	outputs: Record<string, unknown>,
	mark: string,
): Record<string, unknown> {
	return holder === undefined ? { ...outputs, [RECORD_OUTPUT]: mark } : outputs;
}
