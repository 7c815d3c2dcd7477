import { formatQuantity } from "../text/quantities.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { isUnknown } from "../values.ts";
import type { CheckFailure, FieldValidator } from "./schema.ts";

/** Returns the problem and the remedy; undefined for a valid value. */
type DescribeProblem<Value> = (value: Value) => string | undefined;

/** Accepts a string for which the given function returns no problem. */
export function expectString(describeProblem: DescribeProblem<string> = () => undefined): FieldValidator {
	return createValidator((value) => {
		if (typeof value !== "string") return `must be a string, got ${describeValue(value)}`;
		if (UNPAIRED_SURROGATE.test(value))
			return "contains half of a character (an unpaired surrogate); remove it";
		return describeProblem(value);
	});
}

/** JSON can express it and UTF-8 cannot, so every service replaces it. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/** Accepts true and false. */
export function expectBoolean(): FieldValidator {
	return createValidator((value) =>
		typeof value === "boolean" ? undefined : `must be true or false, got ${describeValue(value)}`,
	);
}

/** Accepts one of these strings, in the service's own spelling. */
export function expectOneOf(allowed: readonly string[]): FieldValidator {
	return createValidator((value) => {
		if (allowed.some((word) => word === value)) return undefined;
		const hint = typeof value === "string" ? formatHint(value, allowed) : "";
		return `must be ${allowed.map((word) => `"${word}"`).join(" or ")}, got ${describeValue(value)}${hint}`;
	});
}

/** Accepts a list of at most `maxItems` items, each of which the validator accepts. */
export function expectList(validateItem: FieldValidator, maxItems: number): FieldValidator {
	return skipUnknown((value, path) => {
		if (!Array.isArray(value)) return failCheck(path, `must be a list, got ${describeValue(value)}`);
		const lengthFailures =
			value.length > maxItems
				? failCheck(path, `must have at most ${formatQuantity(maxItems, "item")}, got ${value.length}`)
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
				`must be an object with ${Object.keys(validators).join(", ")}; got ${describeValue(value)}`,
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

/** Skips unknown values: the check of the update validates them once they are known. */
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
