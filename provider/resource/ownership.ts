import { RECORD_OUTPUT } from "../stateKeys.ts";
import { formatNameList } from "../text/quantities.ts";
import { isUnknown, type Values } from "../values.ts";
import type { CheckResult } from "./check.ts";
import type { Declaration, OtherHolder } from "./claims.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import { ResourceOperationError } from "./errors.ts";
import { type Holder, readHiddenInputs } from "./holder.ts";
import type { Target } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";

/** Maximum number of names that a message lists. */
const MAX_LISTED_NAMES = 5;

/** Whether the program sets the object's id. If the service assigns ids, the id is not known beforehand. */
export function hasDeclaredId({ id }: Target): boolean {
	return id !== "";
}

/** Returns the object that the inputs declare. */
export function toDeclaredTarget<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	inputs: Values,
): Target {
	return { id: resourceType.getId(inputs as Inputs), values: inputs };
}

/** Creates the declaration of a resource of one object for the claims of this run; undefined while its identity is unknown. */
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
 * Registers a resource whose objects are not known yet, for instance in a preview because another resource creates the id. Warns if
 * other resources delete objects. It can only warn: once the objects are known, the deletion may already have happened.
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

/** Warns of resources whose objects are not known yet and may be those that a plan deletes. */
export function warnOfPossibleAdopters<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	deleter: Holder,
): void {
	for (const adopter of runtime.claims.findPossibleAdopters(deleter))
		runtime.warn(describePossibleConflict(deleter.name, adopter.name));
}

function describePossibleConflict(deleter: string, adopter: string): string {
	return (
		`${deleter} gives up objects, and the objects that ${adopter} adopts are not known yet. If they are the same, make ${deleter} ` +
		`depend on ${adopter} (\`dependsOn\`), or they may be deleted first`
	);
}

/** Registers what a checked resource declares. Returns a failure if an earlier plan is about to delete it. */
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

/** Returns why a resource cannot hold objects that another one is about to delete; undefined if there are none. */
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

/** Describes the conflict of a resource that may delete objects before another one adopts them, and the remedy. */
function describeOrderConflict(deleter: string, adopter: string, names: readonly string[]): string {
	const nameList = formatNameList(names, MAX_LISTED_NAMES);
	const pronoun = names.length === 1 ? "it" : "them";
	return (
		`${deleter} gives up ${nameList} and does not depend on ${adopter}, which declares ${pronoun}: a run may delete ${pronoun} ` +
		`before ${adopter} adopts ${pronoun}. Make ${deleter} depend on ${adopter} (\`dependsOn\`) and set \`adopt: true\` on ` +
		`${adopter}. To recreate ${pronoun} instead, remove ${pronoun} from the program in one run and declare ${pronoun} again in the next.`
	);
}

/**
 * Returns the other resource that has the object of a record. Searches by the object's id in the service, then by what the program
 * declares.
 *
 * @param holder the record itself, which is not returned
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
 * Registers that a plan deletes an object: under its id in the service, and under the key that another resource may declare, unless
 * its replacement has the same key.
 *
 * @param replacement the object that replaces it; absent if it is not replaced
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
 * Throws if an adopting resource may be registered after the deleting one. The deleting one deletes the objects as soon as it is
 * processed, and the order of registrations varies from run to run.
 *
 * @param departing the names of the objects in messages, each with the other resource that has it
 * @throws ResourceOperationError HeldElsewhere
 */
export function requireDeletionOrder(
	deleter: Holder,
	departing: Iterable<readonly [string, OtherHolder]>,
): void {
	const { dependencies } = deleter;
	if (dependencies === undefined) return;
	const unordered = [...departing].filter(
		([, { resourceHash }]) =>
			resourceHash !== "" && resourceHash !== deleter.resourceHash && !dependencies.has(resourceHash),
	);
	const [first] = unordered;
	if (first === undefined) return;
	const [, adopter] = first;
	const names = unordered
		.filter(([, { resourceHash }]) => resourceHash === adopter.resourceHash)
		.map(([name]) => name);
	throw new ResourceOperationError("HeldElsewhere", describeOrderConflict(deleter.name, adopter.name, names));
}

/**
 * Creates the error for a second resource, or a second member of a fleet, that turns out to be the same object as the first.
 *
 * @param holders the second one, and the one that has the object
 */
export function createHeldTwiceError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ holder, other }: { holder: Pick<Holder, "name">; other: Pick<Holder, "name"> },
): ResourceOperationError {
	const name = holder.name === other.name ? "this resource" : holder.name;
	return new ResourceOperationError(
		"DeclaredTwice",
		`${getDisplayName(ctx, target)} is already in this stack: ${other.name} has it, and ${name} turns out to be the same object. It was ` +
			"left as it is. Remove one of the two from the program; the other keeps the object.",
	);
}

/** Describes that an object is kept although its record is removed. */
export function describeHandover<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): string {
	return `${getDisplayName(ctx, target)} stays as it is: ${name} has it now, so only this record is removed from state`;
}

/** Creates the error for deleting an object that another resource declares and has not adopted yet. */
export function createHeldElsewhereError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): ResourceOperationError {
	const replacementAdvice =
		` If ${name} itself is being replaced and has a new name or a state of release 0.1.0, remove it from the program for one run ` +
		"and declare it again in the next.";
	return new ResourceOperationError(
		"HeldElsewhere",
		`${getDisplayName(ctx, target)} was not deleted: ${name} declares it and has not taken it over yet. Run the command again ` +
			`once ${name} has succeeded.${replacementAdvice}`,
	);
}

/** Throws if the object could not be created again. */
export function requireReplaceable<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
): void {
	const reason = ctx.resourceType.explainNoReplacement?.(target.values);
	if (reason !== undefined) throw createNotReplaceableError(ctx, target, reason);
}

/** Creates the error for an object that could not be created again. */
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

/** Returns the outputs with the mark of their record; a member of a fleet has no mark. */
export function addRecordMark<Inputs extends object>(
	{ holder }: ResourceContext<Inputs>,
	outputs: Record<string, unknown>,
	mark: string,
): Record<string, unknown> {
	return holder === undefined ? { ...outputs, [RECORD_OUTPUT]: mark } : outputs;
}
