/** A property value in the engine: JSON, with secrets and unknowns. */
export type Value = null | boolean | number | string | readonly Value[] | PropertyMap | Secret | Unknown;

/** Named property values: a resource's inputs or outputs. Never changed in place, always replaced. */
export interface PropertyMap {
	readonly [name: string]: Value;
}

/** A value that must not be displayed or stored in plain text. */
export class Secret {
	readonly value: Value;
	constructor(value: Value) {
		this.value = value;
	}
}

/** A value that a preview cannot know yet. {@link UNKNOWN} is its only instance. */
export class Unknown {
	readonly unknown = true;
}

/** The only unknown value. */
export const UNKNOWN = new Unknown();

/** Returns whether a value is a property map (or a signed object such as an asset). */
export const isMap = (value: Value | undefined): value is PropertyMap =>
	typeof value === "object" &&
	value !== null &&
	!Array.isArray(value) &&
	!(value instanceof Secret) &&
	!(value instanceof Unknown);

/** Returns whether a value is a list. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Rebuilds a value, passing every part, innermost first, to `change`. */
export function mapValue(value: Value, change: (part: Value) => Value): Value {
	if (isList(value)) return change(value.map((item) => mapValue(item, change)));
	if (value instanceof Secret) return change(new Secret(mapValue(value.value, change)));
	if (isMap(value)) return change(mapEntries(value, (item) => mapValue(item, change)));
	return change(value);
}

/** Rebuilds a property map, passing every entry's value to `change`. */
export const mapEntries = (map: PropertyMap, change: (value: Value, name: string) => Value): PropertyMap =>
	Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value, name)]));

/** Returns whether `is` returns true for any part of the value. */
export function contains(value: Value, is: (part: Value) => boolean): boolean {
	if (is(value)) return true;
	if (isList(value)) return value.some((item) => contains(item, is));
	if (value instanceof Secret) return contains(value.value, is);
	return isMap(value) && Object.values(value).some((item) => contains(item, is));
}

/** Returns whether a part of the value is a {@link Secret}. */
export const containsSecrets = (value: Value): boolean => contains(value, (part) => part instanceof Secret);

/** Returns whether a part of the value is {@link UNKNOWN}. */
export const containsUnknowns = (value: Value): boolean => contains(value, (part) => part instanceof Unknown);

/** Returns the value without secret marks. */
export const unwrapSecrets = (value: Value): Value =>
	mapValue(value, (part) => (part instanceof Secret ? part.value : part));

/** Returns the property map without secret marks. */
export const mapWithoutSecrets = (map: PropertyMap): PropertyMap => mapEntries(map, unwrapSecrets);

/**
 * Compares values as the engine does: an unknown equals only itself, a secret equals only a secret, and an absent name
 * equals null (`PropertyMap.DeepEquals`, sdk/go/common/resource/properties_diff.go).
 */
export function isEqual(left: Value, right: Value): boolean {
	if (left === right) return true;
	if (left instanceof Secret) return right instanceof Secret && isEqual(left.value, right.value);
	if (left instanceof Unknown || right instanceof Unknown || right instanceof Secret) return false;
	if (isList(left)) return isList(right) && areListsEqual(left, right);
	return isMap(left) && isMap(right) && areMapsEqual(left, right);
}

const areListsEqual = (left: readonly Value[], right: readonly Value[]): boolean =>
	left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null));

/** Compares two property maps with {@link isEqual}. */
export const areMapsEqual = (left: PropertyMap, right: PropertyMap): boolean =>
	left === right ||
	(Object.entries(left).every(([name, value]) => isEqual(value, right[name] ?? null)) &&
		Object.entries(right).every(([name, value]) => name in left || value === null));

/** Returns the names whose values differ, sorted. */
export const listChangedNames = (left: PropertyMap, right: PropertyMap): string[] =>
	[...new Set([...Object.keys(left), ...Object.keys(right)])]
		.filter((name) => !isEqual(left[name] ?? null, right[name] ?? null))
		.sort();

/**
 * Marks returned values of a provider without secrets support as secret: each value whose counterpart at the same path
 * of the given values has a secret (pkg/resource/plugin/provider_plugin.go, `annotateSecrets`).
 */
export const annotateSecrets = (answer: PropertyMap, given: PropertyMap): PropertyMap =>
	mapEntries(answer, (value, name) => annotateValue(value, given[name]));

function annotateValue(answer: Value, given: Value | undefined): Value {
	if (given === undefined) return answer;
	if (isMap(answer) && isMap(given)) return annotateSecrets(answer, given);
	return !(answer instanceof Secret) && containsSecrets(given) ? new Secret(answer) : answer;
}

/**
 * Marks the named outputs, and those whose input of the same name is secret, after a step
 * (pkg/resource/deploy/step_executor.go, `continueExecuteStep`).
 */
export const markSecretOutputs = (
	outputs: PropertyMap,
	inputs: PropertyMap,
	names: readonly string[],
): PropertyMap =>
	mapEntries(outputs, (value, name) => {
		const secret = names.includes(name) || inputs[name] instanceof Secret;
		return secret && name !== "id" && !(value instanceof Secret) ? new Secret(value) : value;
	});
