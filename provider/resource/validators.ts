import { findSuggestion } from "../text/suggestions.ts";
import { isUnknown } from "../values.ts";
import type { CheckFailure, FieldValidator } from "./schema.ts";

/** The value's fault and the remedy, or undefined where there is nothing to say. */
type DescribeProblem<Value> = (value: Value) => string | undefined;

/** A text about which the given function has nothing to complain. */
export function expectString(describeProblem: DescribeProblem<string> = () => undefined): FieldValidator {
	return createValidator((value) => {
		if (typeof value !== "string") return `is ${describeValue(value)}; it takes a text`;
		if (UNPAIRED_SURROGATE.test(value))
			return "has half of a character in it (an unpaired surrogate); leave it out";
		return describeProblem(value);
	});
}

/** JSON can say it and UTF-8 can't, so every service makes something else of it. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/** True or false. */
export function expectBoolean(): FieldValidator {
	return createValidator((value) =>
		typeof value === "boolean" ? undefined : `is ${describeValue(value)}; it takes true or false`,
	);
}

/** One of a few words, in the service's own spelling. */
export function expectOneOf(allowed: readonly string[]): FieldValidator {
	return createValidator((value) => {
		if (allowed.some((word) => word === value)) return undefined;
		const hint = typeof value === "string" ? formatHint(value, allowed) : "";
		return `is ${describeValue(value)}; it takes ${allowed.map((word) => `"${word}"`).join(" or ")}${hint}`;
	});
}

/** A list of at most so many items that each follow a rule. */
export function expectList(validateItem: FieldValidator, maxItems: number): FieldValidator {
	return skipUnknown((value, path) => {
		if (!Array.isArray(value)) return failCheck(path, `is ${describeValue(value)}; it takes a list`);
		const lengthFailures =
			value.length > maxItems
				? failCheck(path, `has ${value.length} items; it takes at most ${maxItems}`)
				: [];
		return [...lengthFailures, ...value.flatMap((item, index) => validateItem(item, `${path}[${index}]`))];
	});
}

/** An object with these members and no others; all may be left out. */
export function expectObject(validators: Readonly<Record<string, FieldValidator>>): FieldValidator {
	return skipUnknown((value, path) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			return failCheck(
				path,
				`is ${describeValue(value)}; it takes an object with ${Object.keys(validators).join(", ")}`,
			);
		}
		return Object.entries(value).flatMap(([name, property]) => {
			const validate = Object.hasOwn(validators, name) ? validators[name] : undefined;
			if (validate !== undefined) return validate(property, `${path}.${name}`);
			return failCheck(
				`${path}.${name}`,
				`does not exist; ${path} has ${Object.keys(validators).join(", ")}${formatHint(name, Object.keys(validators))}`,
			);
		});
	});
}

function formatHint(unknownName: string, knownNames: readonly string[]): string {
	const suggestion = findSuggestion(unknownName, knownNames);
	return suggestion === undefined ? "" : ` (did you mean "${suggestion}"?)`;
}

/** A complaint as the list that a rule answers with. */
export function failCheck(property: string, problem: string): readonly CheckFailure[] {
	return [{ property, reason: `${property} ${problem}.` }];
}

function createValidator(describeProblem: DescribeProblem<unknown>): FieldValidator {
	return skipUnknown((value, path) => {
		const problem = describeProblem(value);
		return problem === undefined ? [] : failCheck(path, problem);
	});
}

/** What will be known only while the update runs is left to the next check. */
function skipUnknown(validate: FieldValidator): FieldValidator {
	return (value, path) =>
		isUnknown(value) || value === undefined || value === null ? [] : validate(value, path);
}

function describeValue(value: unknown): string {
	return typeof value === "object"
		? Array.isArray(value)
			? "a list"
			: "an object"
		: (JSON.stringify(value) ?? "nothing");
}
