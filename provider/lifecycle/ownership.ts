import type { CheckResult } from "./check.ts";
import type { Declaration, OtherHolder } from "./claims.ts";
import { LifecycleError } from "./errors.ts";
import { namesWithRole } from "./facets.ts";
import type { Target, Values } from "./kind.ts";
import { type Life, naming } from "./life.ts";
import { describeResource, type Holder, RECORD } from "./recordMark.ts";
import { isUnknown } from "./unknown.ts";

/** How many names a message lists. */
const MAX_NAMES = 5;

/** Whether the program names the object; where the service chooses ids nobody knows beforehand which object it will be. */
export function isNamed({ id }: Target): boolean {
	return id !== "";
}

/** The object that inputs declare, as far as they tell. */
export function declaredTarget<Inputs extends object>({ kind }: Life<Inputs>, inputs: Values): Target {
	return { id: kind.id(inputs as Inputs), values: inputs };
}

/** What one resource of one object declares, for the claims of this run; undefined while its identity is unknown. */
export function declarationOf<Inputs extends object>(
	life: Life<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): Declaration | undefined {
	const keyOf = (inputs: Values): string | undefined =>
		namesWithRole(life.kind.fields, "identity").some((name) => isUnknown(inputs[name]))
			? undefined
			: life.kind.key(declaredTarget(life, inputs));
	const key = keyOf(news);
	if (key === undefined) return undefined;
	const { name, tag } = describeResource(news);
	const before = Object.keys(olds).length === 0 ? undefined : keyOf(olds);
	return {
		name,
		tag,
		key,
		declared: () => new Set([key]),
		before: () => new Set(before === undefined ? [] : [before]),
	};
}

/**
 * What a check learns of a resource that declares objects of which nobody knows yet which they are: in a preview, an id that another
 * resource makes. It can only warn: whether they are those that are given up is known when it is too late.
 */
export function declareLater<Inputs extends object>({ around }: Life<Inputs>, news: Values): void {
	if (news["adopt"] !== true) return;
	const taker = describeResource(news);
	around.claims.declareLater(taker);
	for (const giver of around.claims.possibleGivers(taker))
		around.say(describePossibleFault(giver.name, taker.name));
}

/** Warns of the resources that may turn out to declare what a plan gives up. */
export function warnOfTakers<Inputs extends object>({ around }: Life<Inputs>, giver: Holder): void {
	for (const taker of around.claims.possibleTakers(giver))
		around.say(describePossibleFault(giver.name, taker.name));
}

function describePossibleFault(giver: string, taker: string): string {
	return (
		`${giver} gives up objects, and which objects ${taker} takes over is not known yet. If they are the same, let ${giver} depend ` +
		`on ${taker} (\`dependsOn\`), or they may be deleted first`
	);
}

/** The result of a check, once what it declares is remembered or refused: an earlier plan may be about to delete it. */
export function declareChecked<Inputs extends object>(
	life: Life<Inputs>,
	result: CheckResult,
	declaration: Declaration,
): CheckResult {
	const reason = describeConflicts(life, declaration);
	if (reason !== undefined) return { ...result, failures: [{ property: "", reason }] };
	life.around.claims.declare(declaration);
	return result;
}

/** Why a resource cannot have objects that another one is about to delete; undefined where there is no such object. */
function describeConflicts<Inputs extends object>(
	{ around }: Life<Inputs>,
	declaration: Declaration,
): string | undefined {
	const conflicts = around.claims.conflictsOf(declaration);
	const [giver] = conflicts.values();
	if (giver === undefined) return undefined;
	const names = [...conflicts.keys()].map((key) => key.slice(key.lastIndexOf("/") + 1));
	return `${describeOrderFault(giver.name, declaration.name, names)} [HeldElsewhere]`;
}

/** What is wrong with two resources of which the one deletes objects before the other one takes them over, and what to do. */
function describeOrderFault(giver: string, taker: string, names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMES).join(", ");
	const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
	const pronoun = names.length === 1 ? "it" : "them";
	return (
		`${giver} gives up ${shown}${more} and does not depend on ${taker}, which declares ${pronoun}: a run may delete ${pronoun} ` +
		`before ${taker} takes ${pronoun} over. Let ${giver} depend on ${taker} (\`dependsOn\`) and set \`adopt: true\` on ` +
		`${taker}. To create ${pronoun} anew instead, remove ${pronoun} in one run and declare ${pronoun} in the next.`
	);
}

/**
 * Who else has the object of a record, under the id that the service knows it by, or else by what the program declares of it.
 *
 * @param holder the record that asks
 */
export function findOtherHolder<Inputs extends object>(
	{ kind, around }: Life<Inputs>,
	target: Target,
	holder: Holder,
): OtherHolder | undefined {
	const found = around.claims.otherHolder(kind.key(target), holder);
	if (found !== undefined || kind.id(target.values as Inputs) !== "") return found;
	return around.claims.otherHolder(kind.key({ ...target, id: "" }), holder);
}

/**
 * A plan gives up an object: under the id that the service knows it by, and under what another resource may declare of it, unless
 * that is declared of its successor, too.
 *
 * @param successor what takes its place; absent where nothing does
 */
export function giveUp<Inputs extends object>(
	{ kind, around }: Life<Inputs>,
	target: Target,
	holder: Holder,
	successor?: Target,
): void {
	around.claims.planToGiveUp(kind.key(target), holder);
	if (kind.id(target.values as Inputs) !== "") return;
	const declared = kind.key({ ...target, id: "" });
	if (successor === undefined || kind.key(successor) !== declared)
		around.claims.planToGiveUp(declared, holder);
}

/**
 * Refuses to hand objects over to a resource that may be registered later: what gives them up deletes them as soon as its own turn
 * comes, and the order of registrations is another one in each run.
 *
 * @param departing the objects, by how messages name them, each with who else has it
 * @throws LifecycleError HeldElsewhere
 */
export function requireOrder(giver: Holder, departing: Iterable<readonly [string, OtherHolder]>): void {
	const { after } = giver;
	if (after === undefined) return;
	const early = [...departing].filter(([, { tag }]) => tag !== "" && !after.has(tag));
	const [first] = early;
	if (first === undefined) return;
	const [, taker] = first;
	const names = early.filter(([, { tag }]) => tag === taker.tag).map(([name]) => name);
	throw new LifecycleError("HeldElsewhere", describeOrderFault(giver.name, taker.name, names));
}

/** Says that an object stays although its record ends. */
export function describeHandOver<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): string {
	return `${naming(life, target)} stays as it is: ${name} has it now, so only this record of it ends`;
}

/** Refuses to delete an object that another resource declares and has not taken over. */
export function heldElsewhere<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ name }: OtherHolder,
): LifecycleError {
	const replaced =
		` If ${name} itself is to be replaced, under a new name or in state of release 0.1.0, take it out of the program for one run ` +
		"and declare it again in the next.";
	return new LifecycleError(
		"HeldElsewhere",
		`${naming(life, target)} was not deleted: ${name} declares it and has not taken it over yet. Run the command again ` +
			`once ${name} has succeeded.${replaced}`,
	);
}

/** Refuses to replace an object that could not be created again. */
export function requireReplaceable<Inputs extends object>(life: Life<Inputs>, target: Target): void {
	const reason = life.kind.refusesReplacement?.(target.values);
	if (reason !== undefined) throw notReplaceable(life, target, reason);
}

/** The error of an object that could not be created again. */
export function notReplaceable<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	reason: string,
): LifecycleError {
	return new LifecycleError("NotReplaceable", `${naming(life, target)} was not replaced: ${reason}`);
}

/** Outputs with the mark of the record that they are of; a member of a fleet has none of its own. */
export function withMark<Inputs extends object>(
	{ holder }: Life<Inputs>,
	outputs: Record<string, unknown>,
	mark: string,
): Record<string, unknown> {
	return holder === undefined ? { ...outputs, [RECORD]: mark } : outputs;
}
