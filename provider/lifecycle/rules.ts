import type { Fault, Rule } from "./kind.ts";
import { isUnknown } from "./unknown.ts";

/** The value's fault and the remedy, or undefined where there is nothing to say. */
type Complaint<Value> = (value: Value) => string | undefined;

/** A text about which the given function has nothing to complain. */
export function text(complaint: Complaint<string> = () => undefined): Rule {
	return rule((value) => {
		if (typeof value !== "string") return `is ${shown(value)}; it takes a text`;
		if (HALF_CHARACTER.test(value))
			return "has half of a character in it (an unpaired surrogate); leave it out";
		return complaint(value);
	});
}

/** JSON can say it and UTF-8 can't, so every service makes something else of it. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** True or false. */
export function flag(): Rule {
	return rule((value) =>
		typeof value === "boolean" ? undefined : `is ${shown(value)}; it takes true or false`,
	);
}

/** One of a few words, in the service's own spelling. */
export function oneOf(words: readonly string[]): Rule {
	return rule((value) => {
		if (words.some((word) => word === value)) return undefined;
		const meant = words.find(
			(word) => typeof value === "string" && word.toLowerCase() === value.toLowerCase(),
		);
		const hint = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
		return `is ${shown(value)}; it takes ${words.map((word) => `"${word}"`).join(" or ")}${hint}`;
	});
}

/** A list of at most so many items that each follow a rule. */
export function listOf(item: Rule, most: number): Rule {
	return known((value, path) => {
		if (!Array.isArray(value)) return fault(path, `is ${shown(value)}; it takes a list`);
		const tooMany =
			value.length > most ? fault(path, `has ${value.length} items; it takes at most ${most}`) : [];
		return [...tooMany, ...value.flatMap((inner, index) => item(inner, `${path}[${index}]`))];
	});
}

/** An object with these members and no others; all may be left out. */
export function objectOf(members: Readonly<Record<string, Rule>>): Rule {
	return known((value, path) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			return fault(path, `is ${shown(value)}; it takes an object with ${Object.keys(members).join(", ")}`);
		}
		return Object.entries(value).flatMap(([name, inner]) => {
			const member = Object.hasOwn(members, name) ? members[name] : undefined;
			if (member !== undefined) return member(inner, `${path}.${name}`);
			return fault(`${path}.${name}`, `does not exist; ${path} has ${Object.keys(members).join(", ")}`);
		});
	});
}

/** A complaint as the list that a rule answers with. */
export function fault(property: string, complaint: string): readonly Fault[] {
	return [{ property, reason: `${property} ${complaint}.` }];
}

function rule(complaint: Complaint<unknown>): Rule {
	return known((value, path) => {
		const text = complaint(value);
		return text === undefined ? [] : fault(path, text);
	});
}

/** What will be known only while the update runs is left to the next check. */
function known(inner: Rule): Rule {
	return (value, path) =>
		isUnknown(value) || value === undefined || value === null ? [] : inner(value, path);
}

function shown(value: unknown): string {
	return typeof value === "object"
		? Array.isArray(value)
			? "a list"
			: "an object"
		: (JSON.stringify(value) ?? "nothing");
}
