import { isUnknown, type Values } from "../values.ts";

/**
 * The part that an input plays:
 *
 * - `requiresReplace`: names the object; another value names another object, so it replaces.
 * - `managed`: kept equal to the service while it is declared, left alone while it is not.
 * - `providerOption`: tells the provider how to behave; the service never receives it.
 */
export type FieldRole = "requiresReplace" | "managed" | "providerOption";

/** Comparable pieces of properties, by path. */
export type FieldValues = ReadonlyMap<string, FieldValue>;

/** Returns the comparable pieces of all managed properties that have a value. */
export function toFieldValues<Inputs>(schema: Schema<Inputs>, values: Values): FieldValues {
	const fieldValues = new Map<string, FieldValue>();
	for (const name of listFieldNames(schema, "managed")) {
		const value = values[name];
		if (value === undefined || value === null) continue;
		const split = schema[name].splitValue ?? asFieldValue;
		for (const fieldValue of isUnknown(value) ? asFieldValue(value, name) : split(value, name)) {
			fieldValues.set(fieldValue.path, fieldValue);
		}
	}
	return fieldValues;
}

/** Whether everything in `expected` has the same value in `actual`; an unknown value never has. */
export function matchesAll(expected: FieldValues, actual: FieldValues): boolean {
	return [...expected].every(
		([path, fieldValue]) => !isUnknown(fieldValue.value) && hasEqualValue(fieldValue, actual.get(path)),
	);
}

/** Whether two values are the same to the services, for which an empty value and a missing one are equal. */
export function hasEqualValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
	return (a?.value ?? "") === (b?.value ?? "");
}

/** Returns the field of this name; undefined for a name that is not an input. */
export function findField<Inputs>(schema: Schema<Inputs>, name: string): Field | undefined {
	return Object.entries<Field>(schema).find(([field]) => field === name)?.[1];
}

/** Returns the names of the inputs that play this role. */
export function listFieldNames<Inputs>(
	schema: Schema<Inputs>,
	role: FieldRole,
): readonly (keyof Inputs & string)[] {
	const names = Object.keys(schema) as (keyof Inputs & string)[];
	return names.filter((name) => schema[name].role === role);
}

/** Returns a value that is compared as a whole. */
export function asFieldValue(value: unknown, path: string): readonly FieldValue[] {
	return [{ path, value: typeof value === "string" ? value : JSON.stringify(value) }];
}

/** One comparable piece of a property: `authentication.type`, `parentScopes`. */
export interface FieldValue {
	/** Dotted path below the resource's properties. */
	readonly path: string;
	/** The value as the service sees it (case, order and defaults aside); of a secret, its fingerprint. */
	readonly value: string;
	/** Set on secrets, which are never shown and never reset by leaving them out. */
	readonly secret?: true;
}

/** What is wrong with one property, as Pulumi's check reports it. */
export interface CheckFailure {
	/** Dotted path of the property. */
	readonly property: string;
	/** The value's fault and the remedy, in one sentence each. */
	readonly reason: string;
}

/** Looks at one value; unknown values are never handed to it. */
export type FieldValidator = (value: unknown, path: string) => readonly CheckFailure[];

/** How one input behaves over the life of a resource. */
export interface Field {
	readonly role: FieldRole;
	/** Refuses what the service would refuse. */
	readonly validate: FieldValidator;
	/** Whether the value is a secret or holds one; no message may show it whole. */
	readonly secret?: true;
	/** Splits the value into comparable pieces; by default the value is one piece. */
	readonly splitValue?: (value: unknown, path: string) => readonly FieldValue[];
	/**
	 * Another input that says the same of another form of the object, into which somebody else may have brought it: what
	 * is no longer declared here goes there too, unless that one is declared.
	 */
	readonly alternative?: string;
	/** Leaving it out altogether leaves it as it is. Without this, what is no longer declared is reset. */
	readonly keepWhenUnset?: true;
	/**
	 * For an identity that the service may never give back, or not as it was sent: it is compared with what was declared
	 * at the last deployment, of which state keeps the facet (a fingerprint).
	 */
	readonly writeOnly?: true;
	/**
	 * Paths within it that neither the service nor the outputs give back. While one of them is declared a refresh answers
	 * with no inputs, for they would lack it.
	 */
	readonly notReadBack?: readonly string[];
}

/** One entry for each input, none forgotten: a new input without an entry does not compile. */
export type Schema<Inputs> = { readonly [Name in keyof Inputs]-?: Field };
