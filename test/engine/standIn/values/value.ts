/** A property value as the engine holds it: JSON, with two things JSON has no word for. */
export type Value = null | boolean | number | string | readonly Value[] | PropertyMap | Secret | Unknown;

/** A bag of named property values: a resource's inputs or outputs. Never changed in place, always replaced. */
export interface PropertyMap {
	readonly [name: string]: Value;
}

/** A value that may not be shown or stored in plain text. */
export class Secret {
	readonly value: Value;
	constructor(value: Value) {
		this.value = value;
	}
}

/** A value that a preview cannot know yet. There is one of it: {@link UNKNOWN}. */
export class Unknown {
	readonly unknown = true;
}

/** The one unknown value. */
export const UNKNOWN = new Unknown();

/** Tells a bag of properties (or a signed object such as an asset) from every other value. */
export const isMap = (value: Value | undefined): value is PropertyMap =>
	typeof value === "object" &&
	value !== null &&
	!Array.isArray(value) &&
	!(value instanceof Secret) &&
	!(value instanceof Unknown);

/** Tells a list from every other value. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Rebuilds a value, giving every part, innermost first, to `change`. */
export function mapValue(value: Value, change: (part: Value) => Value): Value {
	if (isList(value)) return change(value.map((item) => mapValue(item, change)));
	if (value instanceof Secret) return change(new Secret(mapValue(value.value, change)));
	if (isMap(value)) return change(mapEntries(value, (item) => mapValue(item, change)));
	return change(value);
}

/** Rebuilds a bag, giving every entry's value to `change`. */
export const mapEntries = (map: PropertyMap, change: (value: Value, name: string) => Value): PropertyMap =>
	Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value, name)]));

/** True when any part of the value answers `is`. */
export function contains(value: Value, is: (part: Value) => boolean): boolean {
	if (is(value)) return true;
	if (isList(value)) return value.some((item) => contains(item, is));
	if (value instanceof Secret) return contains(value.value, is);
	return isMap(value) && Object.values(value).some((item) => contains(item, is));
}

/** True when a part of the value is a {@link Secret}. */
export const containsSecrets = (value: Value): boolean => contains(value, (part) => part instanceof Secret);

/** True when a part of the value is {@link UNKNOWN}. */
export const containsUnknowns = (value: Value): boolean => contains(value, (part) => part instanceof Unknown);

/** The value without the marks that make parts of it secret. */
export const withoutSecrets = (value: Value): Value =>
	mapValue(value, (part) => (part instanceof Secret ? part.value : part));

/** The bag without the marks that make parts of it secret. */
export const mapWithoutSecrets = (map: PropertyMap): PropertyMap => mapEntries(map, withoutSecrets);
