/**
 * A fresh copy without anything that is undefined or null. Pulumi's wire has no undefined (it throws after the
 * object was made), refuses frozen results, and null means the same as leaving a property out.
 */
export function omitNullish(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	// An assignment to `__proto__` would not make a member of it.
	return Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([name, value]) => [name, copyValue(value)]),
	);
}

/** Whether the value has members under names: no list, no text, no number. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copyValue(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(copyValue);
	return omitNullish(value as Record<string, unknown>);
}

/** Properties as Pulumi hands them over: plain JSON, nothing known about their types. */
export type Values = Readonly<Record<string, unknown>>;
