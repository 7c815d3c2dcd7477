import { findSuggestion } from "../text/suggestions.ts";
import { isUnknown } from "../values.ts";
import type { CheckFailure, FieldValidator } from "./schema.ts";

/** Returns the problem and the remedy; undefined for a valid value. */
type DescribeProblem<Value> = (value: Value) => string | undefined;

/** Accepts a string for which the given function returns no problem. */
export function expectString(describeProblem: DescribeProblem<string> = () => undefined): FieldValidator {
	return createValidator((value) => {
		if (typeof value !== "string") return `is ${describeValue(value)}; it takes a text`;
		if (UNPAIRED_SURROGATE.test(value))
			return "has half of a character in it (an unpaired surrogate); leave it out";
		return describeProblem(value);
	});
}

/** JSON can express it and UTF-8 cannot, so every service turns it into something else. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/** Accepts true and false. */
export function expectBoolean(): FieldValidator {
	return createValidator((value) =>
		typeof value === "boolean" ? undefined : `is ${describeValue(value)}; it takes true or false`,
	);
}

/** Accepts one of a few words, in the service's own spelling. */
export function expectOneOf(allowed: readonly string[]): FieldValidator {
	return createValidator((value) => {
		if (allowed.some((word) => word === value)) return undefined;
		const hint = typeof value === "string" ? formatHint(value, allowed) : "";
		return `is ${describeValue(value)}; it takes ${allowed.map((word) => `"${word}"`).join(" or ")}${hint}`;
	});
}

/** Accepts a list of at most so many items, each of which the validator accepts. */
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

/** Accepts an object with these members and no others; each may be left out. */
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

/** Returns one problem as the list that a validator returns. */
export function failCheck(property: string, problem: string): readonly CheckFailure[] {
	return [{ property, reason: `${property} ${problem}.` }];
}

function createValidator(describeProblem: DescribeProblem<unknown>): FieldValidator {
	return skipUnknown((value, path) => {
		const problem = describeProblem(value);
		return problem === undefined ? [] : failCheck(path, problem);
	});
}

/** Leaves unknown values to the check of the update, when they are known. */
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
