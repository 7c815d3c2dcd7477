import type { Values } from "../lifecycle/kind.ts";
import { pick } from "../lifecycle/merge.ts";
import { NOTED } from "../lifecycle/noted.ts";
import { DECLARED, DECLARED_ONLY, declaredPaths } from "../lifecycle/record.ts";
import type { Facts, FleetKind } from "./kind.ts";

/**
 * A member as state keeps it: what was declared with the values that it had, the record of what was declared, and facts
 * such as its etag. No credentials, and nothing that the declaration does not need.
 */
export type Kept = Values;

/** What of a member's outputs a fleet keeps, under names of one letter, for there are a hundred thousand of them. */
export function keptOf<Inputs extends object>(
	{ facts, keeps }: Pick<FleetKind<Inputs>, "facts" | "keeps">,
	outputs: Values,
): Kept {
	const short = Object.entries(facts)
		.filter(([name]) => keeps(name, outputs))
		.map(([name, letter]) => [letter, outputs[name]]);
	const values = pick(outputs, declaredPaths(outputs));
	return {
		...Object.fromEntries(short.filter(([, value]) => value !== undefined)),
		...(outputs[DECLARED] ? { d: outputs[DECLARED] } : {}),
		...(outputs[NOTED] === undefined ? {} : { n: outputs[NOTED] }),
		...(Object.keys(values).length === 0 ? {} : { v: values }),
	};
}

/** The outputs of the member as a lifecycle of single objects needs them. */
export function restored(kept: Kept, facts: Facts, address: Values): Record<string, unknown> {
	const { d = "", n, v } = kept;
	const long = Object.entries(facts).map(([name, letter]) => [name, kept[letter]]);
	return {
		...address,
		...(typeof v === "object" ? v : {}),
		...Object.fromEntries(long.filter(([, value]) => value !== undefined)),
		[DECLARED]: d,
		[DECLARED_ONLY]: true,
		...(n === undefined ? {} : { [NOTED]: n }),
	};
}

/** What the children of a member must be told of it; undefined for one that can have none. */
export function scopeIn<Inputs extends object>(
	{ facts, scopeOf }: Pick<FleetKind<Inputs>, "facts" | "scopeOf">,
	kept: Kept,
): unknown {
	return scopeOf(Object.fromEntries(Object.entries(facts).map(([name, letter]) => [name, kept[letter]])));
}

/** The parent of a member as state keeps it. */
export function parentIn(kept: Kept | undefined): string | undefined {
	return typeof kept?.["p"] === "string" ? kept["p"] : undefined;
}
