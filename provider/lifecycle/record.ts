import { facetsOf, namesWithRole, single } from "./facets.ts";
import type { Facet, Field, Fields, Values } from "./kind.ts";
import { isUnknown } from "./unknown.ts";

/**
 * The output in which the lifecycle keeps which paths were declared at the last deployment, with the fingerprints
 * of the declared secrets: `status authentication.type authentication.symmetricKey.primaryKey=1f0c…`. Pulumi gives
 * `diff`, `read` and `delete` the outputs only, never the inputs, and hides names that begin with two underscores.
 */
export const DECLARED = "__declared";

/** Set on outputs that hold nothing of the object's values but what was declared. */
export const DECLARED_ONLY = "__declaredOnly";

/** The output in which the lifecycle keeps identities that the service does not give back: `hardwareIdentifier=1f0c…`. */
export const IDENTITY = "__identity";

/** Writes down the declared paths. */
export function recordDeclared<Inputs>(fields: Fields<Inputs>, inputs: Values): string {
	return [...facetsOf(fields, inputs).values()].map(entry).join(" ");
}

/** The same paths once more, after a refresh: the secrets' fingerprints are those of the live object. */
export function renewDeclared<Inputs>(fields: Fields<Inputs>, outputs: Values, live: Values): string {
	const now = facetsOf(fields, live);
	return declaredEntries(outputs)
		.map(({ path, fingerprint }) =>
			fingerprint === undefined ? path : `${path}=${now.get(path)?.value ?? ""}`,
		)
		.join(" ");
}

/** The declared paths of the last deployment with the values that the object then had. */
export function lastDeclared<Inputs>(fields: Fields<Inputs>, outputs: Values): ReadonlyMap<string, Facet> {
	const kept = facetsOf(fields, outputs);
	const last = new Map<string, Facet>();
	for (const { path, fingerprint } of declaredEntries(outputs)) {
		if (fingerprint === undefined) last.set(path, kept.get(path) ?? { path, value: "" });
		else last.set(path, { path, value: fingerprint, secret: true });
	}
	return last;
}

/** The paths that were declared at the last deployment. */
export function declaredPaths(outputs: Values): ReadonlySet<string> {
	return new Set(declaredEntries(outputs).map(({ path }) => path));
}

/**
 * Writes down the identities to be remembered: as they are declared, else as they were; undefined where there are none.
 */
export function recordIdentity<Inputs>(
	fields: Fields<Inputs>,
	inputs: Values,
	last: Values,
): string | undefined {
	const remembered = namesWithRole(fields, "identity").filter((name) => fields[name].remembered);
	const before = rememberedIdentity(last);
	const entries = remembered
		.map((name) => [name, identityFacet(fields, name, inputs[name]) ?? before.get(name)] as const)
		.filter(([, facet]) => facet !== undefined && facet !== "");
	return entries.length === 0 ? undefined : entries.map((pair) => pair.join("=")).join(" ");
}

/** The identities that the last deployment wrote down, by name. */
export function rememberedIdentity(outputs: Values): ReadonlyMap<string, string> {
	return new Map(entriesOf(outputs[IDENTITY]).map(({ path, fingerprint }) => [path, fingerprint ?? ""]));
}

/**
 * Whether the inputs of the last deployment hold what neither the service nor state's outputs give back. Pulumi keeps its
 * inputs where `read` answers with none; inputs without it would look like a change.
 */
export function withholdsInputs<Inputs>(fields: Fields<Inputs>, outputs: Values): boolean {
	const declared = declaredPaths(outputs);
	const withheld = Object.values<Field>(fields).flatMap((field) => field.withheld ?? []);
	const identities = [...rememberedIdentity(outputs).keys()];
	return (
		withheld.some((path) => declared.has(path)) || identities.some((name) => outputs[name] === undefined)
	);
}

/** The inputs that name another object than the one that the outputs were taken from. What is not declared names none. */
export function movedBy<Inputs>(fields: Fields<Inputs>, outputs: Values, inputs: Values): string[] {
	const remembered = rememberedIdentity(outputs);
	return namesWithRole(fields, "identity").filter((name) => {
		const declared = identityFacet(fields, name, inputs[name]);
		const before = remembered.get(name) ?? identityFacet(fields, name, outputs[name]);
		return declared !== undefined && before !== undefined && declared !== before;
	});
}

function identityFacet<Inputs>(
	fields: Fields<Inputs>,
	name: keyof Inputs & string,
	value: unknown,
): string | undefined {
	if (value === undefined || value === null) return undefined;
	const split = isUnknown(value) ? single : (fields[name].facets ?? single);
	return split(value, name)
		.map((facet) => facet.value)
		.join();
}

function entry({ path, value, secret }: Facet): string {
	return secret ? `${path}=${value}` : path;
}

function declaredEntries(outputs: Values): { path: string; fingerprint: string | undefined }[] {
	return entriesOf(outputs[DECLARED]);
}

function entriesOf(text: unknown): { path: string; fingerprint: string | undefined }[] {
	if (typeof text !== "string" || text === "") return [];
	return text.split(" ").map((item) => {
		const [path = "", fingerprint] = item.split("=", 2);
		return { path, fingerprint };
	});
}
