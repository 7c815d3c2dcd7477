import { isUnknown, type Values } from "../values.ts";
import {
	asFieldValue,
	type Field,
	type FieldValue,
	listFieldNames,
	type Schema,
	toFieldValues,
} from "./schema.ts";

/**
 * The output in which the lifecycle keeps which paths were declared at the last deployment, with the fingerprints
 * of the declared secrets: `status authentication.type authentication.symmetricKey.primaryKey=1f0c…`. Pulumi gives
 * `diff`, `read` and `delete` the outputs only, never the inputs, and hides names that begin with two underscores.
 */
export const DECLARED_OUTPUT = "__declared";

/** Set on outputs that hold nothing of the object's values but what was declared. */
export const DECLARED_ONLY_OUTPUT = "__declaredOnly";

/** The output in which the lifecycle keeps identities that the service does not give back: `hardwareIdentifier=1f0c…`. */
export const IDENTITY_OUTPUT = "__identity";

/** Writes down the declared paths. */
export function encodeManagedFields<Inputs>(schema: Schema<Inputs>, inputs: Values): string {
	return [...toFieldValues(schema, inputs).values()].map(encodeEntry).join(" ");
}

/** The same paths once more, after a refresh: the secrets' fingerprints are those of the live object. */
export function refreshManagedFields<Inputs>(schema: Schema<Inputs>, outputs: Values, live: Values): string {
	const liveValues = toFieldValues(schema, live);
	return decodeManagedFields(outputs)
		.map(({ path, fingerprint }) =>
			fingerprint === undefined ? path : `${path}=${liveValues.get(path)?.value ?? ""}`,
		)
		.join(" ");
}

/** The declared paths of the last deployment with the values that the object then had. */
export function getLastApplied<Inputs>(
	schema: Schema<Inputs>,
	outputs: Values,
): ReadonlyMap<string, FieldValue> {
	const stateValues = toFieldValues(schema, outputs);
	const lastApplied = new Map<string, FieldValue>();
	for (const { path, fingerprint } of decodeManagedFields(outputs)) {
		if (fingerprint === undefined) lastApplied.set(path, stateValues.get(path) ?? { path, value: "" });
		else lastApplied.set(path, { path, value: fingerprint, secret: true });
	}
	return lastApplied;
}

/** The paths that were declared at the last deployment. */
export function listDeclaredPaths(outputs: Values): ReadonlySet<string> {
	return new Set(decodeManagedFields(outputs).map(({ path }) => path));
}

/**
 * Writes down the identities to be remembered: as they are declared, else as they were; undefined where there are none.
 */
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

/** The identities that the last deployment wrote down, by name. */
export function decodeIdentity(outputs: Values): ReadonlyMap<string, string> {
	return new Map(
		decodeEntries(outputs[IDENTITY_OUTPUT]).map(({ path, fingerprint }) => [path, fingerprint ?? ""]),
	);
}

/**
 * Whether the inputs of the last deployment hold what neither the service nor state's outputs give back. Pulumi keeps its
 * inputs where `read` answers with none; inputs without it would look like a change.
 */
export function hasInputsNotReadBack<Inputs>(schema: Schema<Inputs>, outputs: Values): boolean {
	const declared = listDeclaredPaths(outputs);
	const notReadBack = Object.values<Field>(schema).flatMap((field) => field.notReadBack ?? []);
	const identities = [...decodeIdentity(outputs).keys()];
	return (
		notReadBack.some((path) => declared.has(path)) || identities.some((name) => outputs[name] === undefined)
	);
}

/** The inputs that name another object than the one that the outputs were taken from. What is not declared names none. */
export function findPropertiesRequiringReplace<Inputs>(
	schema: Schema<Inputs>,
	outputs: Values,
	inputs: Values,
): string[] {
	const previousIdentity = decodeIdentity(outputs);
	return listFieldNames(schema, "requiresReplace").filter((name) => {
		const declared = encodeIdentityValue(schema, name, inputs[name]);
		const previous = previousIdentity.get(name) ?? encodeIdentityValue(schema, name, outputs[name]);
		return declared !== undefined && previous !== undefined && declared !== previous;
	});
}

function encodeIdentityValue<Inputs>(
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

function encodeEntry({ path, value, secret }: FieldValue): string {
	return secret ? `${path}=${value}` : path;
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
