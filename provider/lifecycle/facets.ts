import type { Facet, Fields, Values } from "./kind.ts";
import { isUnknown } from "./unknown.ts";

/** The comparable pieces of all managed properties that are declared, by path. */
export function facetsOf<Inputs>(fields: Fields<Inputs>, values: Values): ReadonlyMap<string, Facet> {
	const found = new Map<string, Facet>();
	for (const name of namesWithRole(fields, "managed")) {
		const value = values[name];
		if (value === undefined || value === null) continue;
		const split = fields[name].facets ?? single;
		for (const facet of isUnknown(value) ? single(value, name) : split(value, name)) {
			found.set(facet.path, facet);
		}
	}
	return found;
}

/** The inputs that play this role. */
export function namesWithRole<Inputs>(
	fields: Fields<Inputs>,
	role: "identity" | "managed" | "policy",
): readonly (keyof Inputs & string)[] {
	const names = Object.keys(fields) as (keyof Inputs & string)[];
	return names.filter((name) => fields[name].role === role);
}

/** A value that is compared as a whole. */
export function single(value: unknown, path: string): readonly Facet[] {
	return [{ path, value: typeof value === "string" ? value : JSON.stringify(value) }];
}
