/**
 * Returns a deep copy without properties that are undefined or null. Pulumi's protocol has no undefined (it throws after the object
 * was created) and refuses frozen results, and null means the same as a missing property.
 */
export function omitNullish(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	// An assignment to `__proto__` would not create a member.
	return Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([name, value]) => [name, copyValue(value)]),
	);
}

/** Whether the value is an object with named members: not a list, a string or a number. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copyValue(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(copyValue);
	return omitNullish(value as Record<string, unknown>);
}

/** Properties as Pulumi passes them: plain JSON of unknown types. */
export type Values = Readonly<Record<string, unknown>>;

/** Stands for a value that will be known only while the update runs, as the Node.js SDK writes it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The strings that the engine sends during a preview in place of a value that is not known yet, one for each type
 * (pulumi/pulumi `sdk/go/common/resource/plugin/rpc.go`). The Node.js SDK sends the first one only.
 */
const UNKNOWN_MARKERS: ReadonlySet<unknown> = new Set([
	UNKNOWN,
	"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
	"3eeb2bf0-c639-47a8-9e75-3b44932eb421",
	"6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
	"030794c1-ac77-496b-92df-f27374a8bd58",
	"e48ece36-62e2-4504-bad9-02848725956a",
	"dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether `value` stands for something that will be known only while the update runs. */
export function isUnknown(value: unknown): boolean {
	return UNKNOWN_MARKERS.has(value);
}

/** Whether `value` is unknown or holds anything unknown, at any depth. */
export function hasUnknown(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return isUnknown(value);
	return Object.values(value).some(hasUnknown);
}

/** Returns the members of a JSON object; none for any other value. */
export function asObject(json: unknown): Readonly<Record<string, unknown>> {
	return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
}

/** Returns the value if it is a string, else undefined; null means absent in this JSON. */
export function asString(json: unknown): string | undefined {
	return typeof json === "string" ? json : undefined;
}

/** Returns the strings of a JSON list; none for any other value. */
export function asStrings(json: unknown): string[] {
	return Array.isArray(json) ? json.filter((item) => typeof item === "string") : [];
}
