import { facetsOf } from "./facets.ts";
import type { Facet, Fields, Values } from "./kind.ts";

/**
 * The output in which the lifecycle keeps which paths were declared at the last deployment, with the fingerprints
 * of the declared secrets: `status authentication.type authentication.symmetricKey.primaryKey=1f0c…`. Pulumi gives
 * `diff`, `read` and `delete` the outputs only, never the inputs, and hides names that begin with two underscores.
 */
export const DECLARED = "__declared";

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

function entry({ path, value, secret }: Facet): string {
	return secret ? `${path}=${value}` : path;
}

function declaredEntries(outputs: Values): { path: string; fingerprint: string | undefined }[] {
	const text = outputs[DECLARED];
	if (typeof text !== "string" || text === "") return [];
	return text.split(" ").map((item) => {
		const [path = "", fingerprint] = item.split("=", 2);
		return { path, fingerprint };
	});
}
