import { isList, isMap, type PropertyMap, Secret, Unknown, type Value } from "./value.ts";

/**
 * Deep equality as the engine means it: an unknown equals nothing but itself, a secret equals only a secret, and an
 * absent name equals null (`PropertyMap.DeepEquals`, sdk/go/common/resource/properties_diff.go).
 */
export function equal(left: Value, right: Value): boolean {
	if (left === right) return true;
	if (left instanceof Secret) return right instanceof Secret && equal(left.value, right.value);
	if (left instanceof Unknown || right instanceof Unknown || right instanceof Secret) return false;
	if (isList(left)) return isList(right) && equalLists(left, right);
	return isMap(left) && isMap(right) && equalMaps(left, right);
}

const equalLists = (left: readonly Value[], right: readonly Value[]): boolean =>
	left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null));

/** {@link equal} for two bags. */
export const equalMaps = (left: PropertyMap, right: PropertyMap): boolean =>
	left === right ||
	(Object.entries(left).every(([name, value]) => equal(value, right[name] ?? null)) &&
		Object.entries(right).every(([name, value]) => name in left || value === null));

/** The names whose values differ, sorted. */
export const changedNames = (left: PropertyMap, right: PropertyMap): string[] =>
	[...new Set([...Object.keys(left), ...Object.keys(right)])]
		.filter((name) => !equal(left[name] ?? null, right[name] ?? null))
		.sort();
