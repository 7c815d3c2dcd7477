import { LifecycleError } from "./errors.ts";

/** What a stack may want to do only so often in one run. */
export type Risk = "delete" | "disable" | "changeKeys";

/** How often, and which setting says so. */
export interface Limit {
	readonly most: number;
	/** `iothub:maxDeletes` */
	readonly setting: string;
	/** The environment variable that sets it: `IOTHUB_MAX_DELETES`. Absent where it is the stack's configuration. */
	readonly variable?: string;
}

/** The limits of a stack; without one there is no limit. */
export type Limits = Readonly<Partial<Record<Risk, Limit | undefined>>>;

/** An object that something risky would be done to. */
export interface Risky {
	/** Tells the object from all others. */
	readonly key: string;
	/** How messages name it. */
	readonly name: string;
}

const DONE: Readonly<Record<Risk, { readonly may: string; readonly none: string }>> = {
	delete: { may: "be deleted", none: "None of these was deleted." },
	disable: { may: "be disabled", none: "None of these was disabled." },
	changeKeys: { may: "get other credentials", none: "None of these got other credentials." },
};

/** How many names a message lists. */
const LISTED = 20;

/**
 * Counts what is risky in one run and refuses what goes beyond the stack's limits, before anything of it is sent. Plan and
 * write of the same object count once.
 */
export class Guard {
	readonly #limits: Limits;
	readonly #counted = new Map<Risk, Map<string, string>>();

	constructor(limits: Limits = {}) {
		this.#limits = limits;
	}

	/**
	 * Counts one object, where nobody knows how many others follow.
	 *
	 * @param key tells the object from all others
	 * @param name how messages name it
	 * @throws LifecycleError with all that was counted, where there is more than the limit
	 */
	count(risk: Risk, key: string, name: string): void {
		const limit = this.#limits[risk];
		if (limit === undefined) return;
		const counted = this.#countedOf(risk);
		if (counted.has(key)) return;
		if (counted.size >= limit.most) throw oneTooMany(risk, limit, [...counted.values(), name]);
		counted.set(key, name);
	}

	/**
	 * Counts objects that are known together, all or none of them.
	 *
	 * @throws LifecycleError with the number that the run needs, where that is more than the limit
	 */
	countAll(risk: Risk, objects: Iterable<Risky>): void {
		const limit = this.#limits[risk];
		if (limit === undefined) return;
		const counted = this.#countedOf(risk);
		const added = new Map<string, string>();
		for (const { key, name } of objects) if (!counted.has(key)) added.set(key, name);
		if (added.size > 0 && counted.size + added.size > limit.most)
			throw tooMany(risk, limit, { names: [...added.values()], before: counted.size });
		for (const [key, name] of added) counted.set(key, name);
	}

	#countedOf(risk: Risk): Map<string, string> {
		const counted = this.#counted.get(risk) ?? new Map<string, string>();
		this.#counted.set(risk, counted);
		return counted;
	}
}

/** Collects what is counted and refuses nothing, so that another guard can count all of it together. */
export class Tally extends Guard {
	readonly #collected = new Map<Risk, Risky[]>();

	override count(risk: Risk, key: string, name: string): void {
		this.countAll(risk, [{ key, name }]);
	}

	override countAll(risk: Risk, objects: Iterable<Risky>): void {
		const collected = this.#collected.get(risk) ?? [];
		for (const object of objects) collected.push(object);
		this.#collected.set(risk, collected);
	}

	/** Counts all that was collected, each risk by itself. */
	countIn(guard: Guard): void {
		for (const [risk, objects] of this.#collected) guard.countAll(risk, objects);
	}
}

function oneTooMany(risk: Risk, limit: Limit, names: readonly string[]): LifecycleError {
	return new LifecycleError(
		"LimitReached",
		`${allowance(risk, limit)}, and this run would exceed it with the last of these:\n${listed(names)}\n` +
			`The last one was left as it is. This run needs at least ${names.length}; the total is not known, for resources are ` +
			`processed one after another. ${howToRaise(limit, names.length)}`,
	);
}

function tooMany(
	risk: Risk,
	limit: Limit,
	{ names, before }: { names: readonly string[]; before: number },
): LifecycleError {
	const needed = before + names.length;
	const counted = before === 0 ? "" : `, ${before} of them counted before these`;
	return new LifecycleError(
		"LimitReached",
		`${allowance(risk, limit)}, and this run needs ${needed}${counted}:\n${listed(names)}\n` +
			`${DONE[risk].none} ${howToRaise(limit, needed)}`,
	);
}

/** `iothub:maxDeletes allows at most 2 to be deleted in one run (set in …)`. */
function allowance(risk: Risk, { most, setting, variable }: Limit): string {
	const allowed = most === 0 ? "nothing" : `at most ${most}`;
	const place =
		variable === undefined ? "in the stack's configuration" : `by the environment variable ${variable}`;
	return `${setting} allows ${allowed} to ${DONE[risk].may} in one run (set ${place})`;
}

function listed(names: readonly string[]): string {
	const shown = names.slice(0, LISTED).map((name) => `    ${name}`);
	const more = names.length > LISTED ? [`    and ${names.length - LISTED} more`] : [];
	return [...shown, ...more].join("\n");
}

/**
 * What lets the run go on. Pulumi hands over the configuration of the last `up`, whatever was set since, in `destroy`, and in
 * `up` where the program has no dynamic resource left.
 */
function howToRaise({ setting, variable }: Limit, needed: number): string {
	if (variable !== undefined) {
		return (
			`If this is meant, set ${variable} to ${needed} or more for this run, or unset it. The smaller one of it and ` +
			`${setting} in the stack's configuration counts.`
		);
	}
	return (
		`If this is meant, run \`pulumi config set ${setting} ${needed}\` (or more) before \`pulumi up\`. ` +
		"`pulumi destroy`, and an `up` that leaves no dynamic resource in the program, use the configuration of the last " +
		"`up`: for them set it and add `--run-program` to `destroy`, or run `up` with the program as it was first. An " +
		"environment variable can lower the limit, never raise it."
	);
}
