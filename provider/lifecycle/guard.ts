import { LifecycleError } from "./errors.ts";

/** What a stack may want to do only so often in one run. */
export type Risk = "delete" | "disable" | "changeKeys";

/** How often, and which setting says so. */
export interface Limit {
	readonly most: number;
	/** `iothub:maxDeletes` */
	readonly setting: string;
}

/** The limits of a stack; without one there is no limit. */
export type Limits = Readonly<Partial<Record<Risk, Limit | undefined>>>;

const DONE: Readonly<Record<Risk, string>> = {
	delete: "be deleted",
	disable: "be disabled",
	changeKeys: "get other credentials",
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
	 * Counts an object.
	 *
	 * @param key tells the object from all others
	 * @param name what messages call it
	 * @throws LifecycleError with all that was counted, where there is more than the limit
	 */
	count(risk: Risk, key: string, name: string): void {
		const limit = this.#limits[risk];
		if (limit === undefined) return;
		const counted = this.#counted.get(risk) ?? new Map<string, string>();
		if (counted.has(key)) return;
		if (counted.size >= limit.most) throw exceeded(risk, limit, [...counted.values(), name]);
		this.#counted.set(risk, counted.set(key, name));
	}
}

function exceeded(risk: Risk, { most, setting }: Limit, names: readonly string[]): LifecycleError {
	const shown = names.slice(0, LISTED).map((name) => `    ${name}`);
	const more = names.length > LISTED ? [`    and ${names.length - LISTED} more`] : [];
	const allowed = most === 0 ? "nothing" : `at most ${most}`;
	return new LifecycleError(
		"LimitReached",
		`${setting} allows ${allowed} to ${DONE[risk]} in one run, and this run would go on to the last of these:\n` +
			`${[...shown, ...more].join("\n")}\n` +
			`The last one was left as it is. If this is meant, raise the limit for this run: \`pulumi config set ${setting} ${names.length}\`, ` +
			"or more.",
	);
}
