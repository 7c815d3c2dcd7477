import { DECLARED_OUTPUT, IDENTITY_OUTPUT } from "../stateKeys.ts";
import { isUnknown, type Values } from "../values.ts";
import {
	asFieldValue,
	type FieldValue,
	type FieldValues,
	listFieldNames,
	type Schema,
	toFieldValues,
} from "./schema.ts";

/** Encodes the declared paths of inputs for state. */
export function encodeManagedFields<Inputs>(schema: Schema<Inputs>, inputs: Values): string {
	return encodeFieldValues(toFieldValues(schema, inputs).values());
}

/** Encodes paths for state: a secret with its fingerprint, any other path without a value. */
export function encodeFieldValues(fieldValues: Iterable<FieldValue>): string {
	return [...fieldValues].map(({ path, value, secret }) => (secret ? `${path}=${value}` : path)).join(" ");
}

/**
 * Returns the declared paths of the last deployment with the values that the object then had.
 *
 * @param stateValues the field values of the same outputs
 */
export function getLastApplied(outputs: Values, stateValues: FieldValues): FieldValues {
	const lastApplied = new Map<string, FieldValue>();
	for (const { path, fingerprint } of decodeManagedFields(outputs)) {
		if (fingerprint === undefined) lastApplied.set(path, stateValues.get(path) ?? { path, value: "" });
		else lastApplied.set(path, { path, value: fingerprint, secret: true });
	}
	return lastApplied;
}

/** Returns the paths that were declared at the last deployment. */
export function listDeclaredPaths(outputs: Values): ReadonlySet<string> {
	return new Set(decodeManagedFields(outputs).map(({ path }) => path));
}

/** Encodes write-only identities for state: the declared values, or else the previous ones; undefined if there are none. */
export function encodeIdentity<Inputs>(
	schema: Schema<Inputs>,
	inputs: Values,
	last: Values,
): string | undefined {
	const writeOnlyNames = listFieldNames(schema, "requiresReplace").filter((name) => schema[name].writeOnly);
	const previous = decodeIdentity(last);
	const entries = writeOnlyNames
		.map((name) => [name, encodeIdentityValue(schema, name, inputs[name]) ?? previous.get(name)] as const)
		.filter(([, value]) => value !== undefined && value !== "");
	return entries.length === 0 ? undefined : entries.map((pair) => pair.join("=")).join(" ");
}

/** Returns the identities that the last deployment encoded, by name. */
export function decodeIdentity(outputs: Values): ReadonlyMap<string, string> {
	return new Map(
		decodeEntries(outputs[IDENTITY_OUTPUT]).map(({ path, fingerprint }) => [path, fingerprint ?? ""]),
	);
}

/** Encodes one value of an identity; undefined for a missing one. */
export function encodeIdentityValue<Inputs>(
	schema: Schema<Inputs>,
	name: keyof Inputs & string,
	value: unknown,
): string | undefined {
	if (value === undefined || value === null) return undefined;
	const splitValue = isUnknown(value) ? asFieldValue : (schema[name].splitValue ?? asFieldValue);
	return splitValue(value, name)
		.map((fieldValue) => fieldValue.value)
		.join();
}

function decodeManagedFields(outputs: Values): { path: string; fingerprint: string | undefined }[] {
	return decodeEntries(outputs[DECLARED_OUTPUT]);
}

function decodeEntries(text: unknown): { path: string; fingerprint: string | undefined }[] {
	if (typeof text !== "string" || text === "") return [];
	return text.split(" ").map((item) => {
		const [path = "", fingerprint] = item.split("=", 2);
		return { path, fingerprint };
	});
}
