import { isUnknown, type Values } from "../values.ts";

/**
 * The role of an input:
 *
 * - `requiresReplace`: identifies the object; another value means another object, so a change replaces it.
 * - `managed`: the value in the service is kept as declared, and is not changed while it is not declared.
 * - `providerOption`: controls the provider; the service never receives it.
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

/** The parts of a resource type that the comparison of its state needs. */
interface ComparableType<Inputs> {
	readonly schema: Schema<Inputs>;
	omitComputedOutputs?(outputs: Values): Values;
}

/** Returns the comparable pieces of the outputs in state that inputs can set. */
export function toStateValues<Inputs>(resourceType: ComparableType<Inputs>, outputs: Values): FieldValues {
	return toFieldValues(resourceType.schema, resourceType.omitComputedOutputs?.(outputs) ?? outputs);
}

/** Whether every path of `expected` has the same value in `actual`; an unknown value never matches. */
export function matchesAll(expected: FieldValues, actual: FieldValues): boolean {
	return [...expected].every(
		([path, fieldValue]) => !isUnknown(fieldValue.value) && hasEqualValue(fieldValue, actual.get(path)),
	);
}

/** Whether two values are the same for the services, which do not distinguish an empty value from a missing one. */
export function hasEqualValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
	return (a?.value ?? "") === (b?.value ?? "");
}

/** Returns the field of this name; undefined for a name that is not an input. */
export function findField<Inputs>(schema: Schema<Inputs>, name: string): Field | undefined {
	return Object.entries<Field>(schema).find(([field]) => field === name)?.[1];
}

/** Returns the field to which a dotted path belongs. */
export function findFieldOfPath<Inputs>(schema: Schema<Inputs>, path: string): Field | undefined {
	return findField(schema, path.split(".")[0] ?? path);
}

/** Returns the paths that neither the service nor state's outputs return. */
export function listPathsNotReadBack<Inputs>(schema: Schema<Inputs>): readonly string[] {
	return Object.values<Field>(schema).flatMap((field) => field.notReadBack ?? []);
}

/** Whether the values have the path, or may have it once a value above it is known. */
export function mayHavePath(values: FieldValues, path: string): boolean {
	return (
		values.has(path) ||
		[...values.values()].some(({ path: above, value }) => isUnknown(value) && path.startsWith(`${above}.`))
	);
}

/** Returns the names of the inputs with this role. */
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
	/** The value as the service compares it, without differences of case, order and defaults; the fingerprint of a secret. */
	readonly value: string;
	/** Whether the value is a secret, which is never shown, and never reset when it is no longer declared. */
	readonly secret?: true;
}

/** A problem with one property, as Pulumi's check reports it. */
export interface CheckFailure {
	/** Dotted path of the property. */
	readonly property: string;
	/** The problem and the remedy, one sentence each. */
	readonly reason: string;
}

/** Checks one value; it never receives unknown values. */
export type FieldValidator = (value: unknown, path: string) => readonly CheckFailure[];

/** How one input behaves in all operations. */
export interface Field {
	readonly role: FieldRole;
	/** Rejects what the service would reject. */
	readonly validate: FieldValidator;
	/** Whether the value is a secret or holds one; no message may show it. */
	readonly secret?: true;
	/** Splits the value into comparable pieces. Default: the value is one piece. */
	readonly splitValue?: (value: unknown, path: string) => readonly FieldValue[];
	/**
	 * The input that replaces this one when the object changes form (a device becoming a gateway). Unsetting this one unsets that one
	 * too, unless that one is declared.
	 */
	readonly alternative?: string;
	/** Whether the live value is kept once the input is no longer declared. Default: it is reset. */
	readonly keepWhenUnset?: true;
	/**
	 * Whether the service never returns this identity, or not as it was sent. It is compared with the value that was declared at the
	 * last deployment, whose fingerprint state keeps.
	 */
	readonly writeOnly?: true;
	/** How a value proves which object it is. Default: it does not, so another value means another object. */
	readonly proof?: IdentityProof;
	/**
	 * Paths that are ignored together with others: if the first one is ignored, so is the second. For values that follow from others, or
	 * that only mean something together.
	 */
	readonly ignoredTogether?: Readonly<Record<string, string>>;
	/**
	 * The path within it whose declared value the object must have for the others to be ignored: with another one, their live values
	 * mean nothing, so an update that changes it writes the declared ones.
	 */
	readonly ignoredWhileEqual?: string;
	/**
	 * Paths within it that neither the service nor the outputs return. While one of them is declared, a refresh returns no inputs,
	 * because they would lack it.
	 */
	readonly notReadBack?: readonly string[];
}

/**
 * An identity that proves which object it is, although its value can be another one for the same object, such as a report that is
 * collected again. If it proves that the object is the same, other values of the other identities only change state.
 */
export interface IdentityProof {
	/** Returns the values that state of this and of earlier releases has for an input, the one that is written first. */
	listStoredValues(value: unknown): readonly string[];
	/** Whether a value in state that is none of these says nothing about the input, so that only the object itself does. */
	isInconclusive(storedValue: string, value: unknown): boolean;
	/** Returns why another value of the input is taken for another object without proof, as a clause; undefined if there is proof. */
	explainWeakness(value: unknown): string | undefined;
}

/** The field of each input; an input without a field does not compile. */
export type Schema<Inputs> = { readonly [Name in keyof Inputs]-?: Field };
