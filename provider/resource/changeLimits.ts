import { sortNaturally } from "../text/naturalOrder.ts";
import { listFirst } from "../text/quantities.ts";
import { ResourceOperationError } from "./errors.ts";
import type { LimitedAction } from "./resourceType.ts";

/** How often an action is allowed, and the setting that limits it. */
export interface ChangeLimit {
	readonly max: number;
	/** The setting's key: `iothub:maxDeletes`. */
	readonly setting: string;
	/** The environment variable that sets it: `IOTHUB_MAX_DELETES`. Absent if the stack's configuration or a provider's argument does. */
	readonly variable?: string;
	/** Whether the settings are a provider's arguments. Default: they are the stack's configuration. */
	readonly isFromProvider?: boolean;
}

/** The limits of a stack; an action without an entry is not limited. */
export type ChangeLimitsByAction = Readonly<Partial<Record<LimitedAction, ChangeLimit | undefined>>>;

/** An object that a limited action would affect. */
export interface LimitedObject {
	/** A key that no other object has. */
	readonly key: string;
	/** The object's name in messages. */
	readonly name: string;
}

const ACTION_PHRASES: Readonly<
	Record<LimitedAction, { readonly infinitive: string; readonly noneDone: string }>
> = {
	delete: { infinitive: "be deleted", noneDone: "None of these was deleted." },
	disable: { infinitive: "be disabled", noneDone: "None of these was disabled." },
	changeKeys: { infinitive: "get new credentials", noneDone: "None of these got new credentials." },
};

/** Maximum number of names that a message lists. */
const MAX_LISTED_OBJECTS = 20;

/** Counts limited actions. The plan and the write of the same object count once. */
export interface ActionCounter {
	/**
	 * Counts one object. Use it if the number of further objects is not known.
	 *
	 * @param key a key that no other object has
	 * @param name the object's name in messages
	 */
	countOrThrow(action: LimitedAction, key: string, name: string): void;
	/** Counts several objects together: all of them, or none if they exceed the limit. */
	countAllOrThrow(action: LimitedAction, objects: Iterable<LimitedObject>): void;
	/** Whether the stack limits an action, so that counting it matters. */
	hasLimit(action: LimitedAction): boolean;
}

/** Counts limited actions of one run. Refuses those beyond the stack's limits before any request is sent. */
export class ChangeLimits implements ActionCounter {
	readonly #limits: ChangeLimitsByAction;
	readonly #counted = new Map<LimitedAction, Map<string, string>>();

	constructor(limits: ChangeLimitsByAction = {}) {
		this.#limits = limits;
	}

	/** @throws ResourceOperationError LimitReached with all counted names, if they exceed the limit */
	countOrThrow(action: LimitedAction, key: string, name: string): void {
		const limit = this.#limits[action];
		if (limit === undefined) return;
		const counted = this.#getCounted(action);
		if (counted.has(key)) return;
		if (counted.size >= limit.max) throw createLimitReachedError(action, limit, [...counted.values(), name]);
		counted.set(key, name);
	}

	/**
	 * @throws ResourceOperationError LimitReached with the number that the run needs and the names in natural order, if it exceeds the
	 *   limit
	 */
	countAllOrThrow(action: LimitedAction, objects: Iterable<LimitedObject>): void {
		const limit = this.#limits[action];
		if (limit === undefined) return;
		const counted = this.#getCounted(action);
		const added = new Map<string, string>();
		for (const { key, name } of objects) if (!counted.has(key)) added.set(key, name);
		if (added.size > 0 && counted.size + added.size > limit.max)
			throw createTotalLimitError(action, limit, {
				names: sortNaturally(added.values()),
				alreadyCounted: counted.size,
			});
		for (const [key, name] of added) counted.set(key, name);
	}

	hasLimit(action: LimitedAction): boolean {
		return this.#limits[action] !== undefined;
	}

	#getCounted(action: LimitedAction): Map<string, string> {
		const counted = this.#counted.get(action) ?? new Map<string, string>();
		this.#counted.set(action, counted);
		return counted;
	}
}

/** Collects limited actions without refusing any, so that another counter can count all of them together. */
export class DeferredChangeLimits implements ActionCounter {
	readonly #limits: Pick<ActionCounter, "hasLimit"> | undefined;
	readonly #collected = new Map<LimitedAction, LimitedObject[]>();

	/** @param limits the stack's limits. Default: every action counts as limited */
	constructor(limits?: Pick<ActionCounter, "hasLimit">) {
		this.#limits = limits;
	}

	countOrThrow(action: LimitedAction, key: string, name: string): void {
		this.countAllOrThrow(action, [{ key, name }]);
	}

	countAllOrThrow(action: LimitedAction, objects: Iterable<LimitedObject>): void {
		const collected = this.#collected.get(action) ?? [];
		for (const object of objects) collected.push(object);
		this.#collected.set(action, collected);
	}

	hasLimit(action: LimitedAction): boolean {
		return this.#limits?.hasLimit(action) ?? true;
	}

	/** Counts everything that was collected, each action separately. */
	countAllIn(limits: ActionCounter): void {
		for (const [action, objects] of this.#collected) limits.countAllOrThrow(action, objects);
	}
}

function createLimitReachedError(
	action: LimitedAction,
	limit: ChangeLimit,
	names: readonly string[],
): ResourceOperationError {
	return new ResourceOperationError(
		"LimitReached",
		`${describeAllowance(action, limit)}, and this run would exceed it with the last of these:\n${formatObjectLines(names)}\n` +
			`The last one was left as it is. This run needs at least ${names.length}; the total is not known, because resources are ` +
			`processed one after another. ${explainHowToRaise(limit, undefined)}`,
	);
}

function createTotalLimitError(
	action: LimitedAction,
	limit: ChangeLimit,
	{ names, alreadyCounted }: { names: readonly string[]; alreadyCounted: number },
): ResourceOperationError {
	const needed = alreadyCounted + names.length;
	const countedNote = alreadyCounted === 0 ? "" : `, ${alreadyCounted} of them counted before these`;
	return new ResourceOperationError(
		"LimitReached",
		`${describeAllowance(action, limit)}, and this run needs ${needed}${countedNote}:\n${formatObjectLines(names)}\n` +
			`${ACTION_PHRASES[action].noneDone} ${explainHowToRaise(limit, needed)}`,
	);
}

/** Formats `iothub:maxDeletes allows at most 2 to be deleted in one run (set in …)`. */
function describeAllowance(action: LimitedAction, limit: ChangeLimit): string {
	const { max, setting, variable } = limit;
	const allowed = max === 0 ? "nothing" : `at most ${max}`;
	const place = variable === undefined ? describePlace(limit) : `by the environment variable ${variable}`;
	return `${setting} allows ${allowed} to ${ACTION_PHRASES[action].infinitive} in one run (set ${place})`;
}

function describePlace({ isFromProvider }: ChangeLimit): string {
	return isFromProvider ? "in the provider's arguments" : "in the stack's configuration";
}

function formatObjectLines(names: readonly string[]): string {
	return listFirst(names, MAX_LISTED_OBJECTS, (name) => name)
		.map((line) => `    ${line}`)
		.join("\n");
}

/**
 * Explains how to let the run continue. In `destroy`, and in an `up` whose program has no dynamic resource left, Pulumi passes the
 * configuration of the last `up` and ignores later changes.
 *
 * @param needed how many actions the run needs; undefined if that is not known
 */
function explainHowToRaise(limit: ChangeLimit, needed: number | undefined): string {
	const { setting, variable } = limit;
	if (variable !== undefined) {
		const step =
			needed === undefined
				? `unset ${variable} for this run`
				: `set ${variable} to ${needed} for this run, or unset it`;
		return `If this is intended, ${step}. The smaller of it and ${setting} ${describePlace(limit)} applies.`;
	}
	const { raise, restore, source } = describeSteps(limit, needed);
	return (
		`If this is intended, ${raise}, and run \`pulumi up\` or \`pulumi destroy --run-program\`. Then set the limit again ` +
		`(${restore}). Without \`--run-program\`, \`destroy\` uses ${source} of the last \`up\`. So does ` +
		"an `up` whose program no longer declares a resource of this package: first run it with the previous program. An environment " +
		"variable can lower the limit, never raise it."
	);
}

/** Describes how to raise a limit and to restore it, in the stack's configuration or in the arguments of a provider. */
function describeSteps(
	{ max, setting, isFromProvider }: ChangeLimit,
	needed: number | undefined,
): { readonly raise: string; readonly restore: string; readonly source: string } {
	if (isFromProvider) {
		const raise =
			needed === undefined
				? `remove the provider's argument \`"${setting}"\`, check what \`pulumi preview\` shows`
				: `set the provider's argument \`"${setting}"\` to ${needed}`;
		return { raise, restore: `\`"${setting}": ${max}\``, source: "the arguments" };
	}
	const raise =
		needed === undefined
			? `run \`pulumi config rm ${setting}\`, check what \`pulumi preview\` shows`
			: `run \`pulumi config set ${setting} ${needed}\``;
	return { raise, restore: `\`pulumi config set ${setting} ${max}\``, source: "the configuration" };
}
