import { IDENTITY_OUTPUT } from "../stateKeys.ts";
import { isUnknown, type Values } from "../values.ts";
import { decodeIdentity, encodeIdentity, encodeIdentityValue } from "./managedFields.ts";
import { listFieldNames, type Schema } from "./schema.ts";

/** How the identity that a program declares differs from the one in state. */
export interface IdentityComparison {
	/** The inputs that identify another object than the one in state. */
	readonly replaces: readonly string[];
	/** Those of them about which state says nothing: whether the object is another one, only the object itself shows. */
	readonly inconclusive: readonly string[];
	/** The inputs that differ although another one proves that the object is the same; only state has to record them. */
	readonly recorded: readonly string[];
}

/** Compares the identity in state with the declared one. An input that is not declared identifies no other object. */
export function compareIdentity<Inputs>(
	schema: Schema<Inputs>,
	state: Values,
	declared: Values,
): IdentityComparison {
	const stored = decodeIdentity(state);
	const compared = listFieldNames(schema, "requiresReplace").map((name) => {
		const storedValue = stored.get(name) ?? encodeIdentityValue(schema, name, state[name]);
		return { name, storedValue, match: matchIdentity(schema, name, { storedValue, value: declared[name] }) };
	});
	const differing = compared.filter(({ match }) => match === "other" || match === "inconclusive");
	const names = differing.map(({ name }) => name);
	if (compared.some(({ name, match }) => match === "same" && schema[name].proof !== undefined))
		return { replaces: [], inconclusive: [], recorded: names };
	const inconclusive = differing.filter(({ match }) => match === "inconclusive").map(({ name }) => name);
	return { replaces: names, inconclusive, recorded: [] };
}

/** Compares one identity: `none` if it is not declared or state does not have it. */
function matchIdentity<Inputs>(
	schema: Schema<Inputs>,
	name: keyof Inputs & string,
	{ storedValue, value }: { storedValue: string | undefined; value: unknown },
): "same" | "other" | "inconclusive" | "none" {
	const values = listStoredValues(schema, name, value);
	if (values === undefined || storedValue === undefined) return "none";
	if (values.includes(storedValue)) return "same";
	const isInconclusive = !isUnknown(value) && schema[name].proof?.isInconclusive(storedValue, value) === true;
	return isInconclusive ? "inconclusive" : "other";
}

/** Returns the values that state can have for an input; undefined without the input. */
export function listStoredValues<Inputs>(
	schema: Schema<Inputs>,
	name: keyof Inputs & string,
	value: unknown,
): readonly string[] | undefined {
	const { proof } = schema[name];
	if (proof !== undefined && value !== undefined && value !== null && !isUnknown(value))
		return proof.listStoredValues(value);
	const encoded = encodeIdentityValue(schema, name, value);
	return encoded === undefined ? undefined : [encoded];
}

/**
 * Returns a key that is equal for declarations of one object: the identity that proves which object it is, or else all of them. Undefined
 * without any.
 */
export function createIdentityKey<Inputs>(schema: Schema<Inputs>, declared: Values): string | undefined {
	const proofs = listProofNames(schema)
		.map((name) => listStoredValues(schema, name, declared[name])?.[0])
		.filter((value) => value !== undefined);
	return proofs[0] ?? encodeIdentity(schema, declared, {});
}

/** The keys under which an identity in state or a declared one is found. */
export interface IdentityKeys {
	/** Prove that it is the same object. */
	readonly proofs: readonly string[];
	/** The other identities, if the one that would prove it says nothing; undefined otherwise. */
	readonly weak: string | undefined;
}

/** Returns the keys of an identity in state, given as its encoded form. */
export function listStateKeys<Inputs>(schema: Schema<Inputs>, identity: string): IdentityKeys {
	const stored = decodeIdentity({ [IDENTITY_OUTPUT]: identity });
	const names = listProofNames(schema).filter((name) => stored.has(name));
	const proofs = names.map((name) => `${name}=${stored.get(name)}`);
	return {
		proofs: proofs.length > 0 ? proofs : [identity],
		weak: names.length > 0 ? omitProofs(schema, stored) : undefined,
	};
}

/** Returns the keys of a declared identity. */
export function listDeclaredKeys<Inputs>(schema: Schema<Inputs>, declared: Values): IdentityKeys {
	const identity = encodeIdentity(schema, declared, {}) ?? "";
	const stored = decodeIdentity({ [IDENTITY_OUTPUT]: identity });
	const proofs = listProofNames(schema).flatMap((name) =>
		(listStoredValues(schema, name, declared[name]) ?? []).map((value) => `${name}=${value}`),
	);
	return {
		proofs: proofs.length > 0 || identity === "" ? proofs : [identity],
		weak: proofs.length > 0 ? omitProofs(schema, stored) : undefined,
	};
}

function omitProofs<Inputs>(schema: Schema<Inputs>, stored: ReadonlyMap<string, string>): string {
	const proofNames: readonly string[] = listProofNames(schema);
	return [...stored]
		.filter(([name]) => !proofNames.includes(name))
		.map((entry) => entry.join("="))
		.join(" ");
}

function listProofNames<Inputs>(schema: Schema<Inputs>): readonly (keyof Inputs & string)[] {
	return listFieldNames(schema, "requiresReplace").filter((name) => schema[name].proof !== undefined);
}

/** Returns why inputs that identify another object do so without proof, as clauses. */
export function explainWeakIdentity<Inputs>(
	schema: Schema<Inputs>,
	declared: Values,
	replaces: readonly string[],
): readonly string[] {
	return listFieldNames(schema, "requiresReplace")
		.filter((name) => replaces.includes(name) && declared[name] !== undefined && !isUnknown(declared[name]))
		.map((name) => schema[name].proof?.explainWeakness(declared[name]))
		.filter((reason) => reason !== undefined);
}
