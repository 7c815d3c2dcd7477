import type { Target, Values } from "../lifecycle/kind.ts";
import { pick } from "../lifecycle/merge.ts";
import { NOTED } from "../lifecycle/noted.ts";
import { DECLARED, DECLARED_ONLY, declaredPaths, IDENTITY } from "../lifecycle/record.ts";
import type { Facts, FleetKind } from "./kind.ts";

/**
 * A member as state keeps it: what was declared with the values that it had, the record of what was declared, and facts
 * such as its etag. No credentials, and nothing that the declaration does not need.
 */
export type Kept = Values;

/**
 * What of a member's outputs a fleet keeps, under names of one letter, for there are a hundred thousand of them.
 *
 * @param name what the fleet calls the member; an id that the service chose is another one, and kept
 */
export function keptOf<Inputs extends object>(
	{ facts, keeps }: Pick<FleetKind<Inputs>, "facts" | "keeps">,
	name: string,
	{ id, values: outputs }: Target,
): Kept {
	const short = Object.entries(facts)
		.filter(([name]) => keeps(name, outputs))
		.map(([name, letter]) => [letter, outputs[name]]);
	const values = pick(outputs, declaredPaths(outputs));
	return {
		...(id === name ? {} : { i: id }),
		...Object.fromEntries(short.filter(([, value]) => value !== undefined)),
		...(outputs[DECLARED] ? { d: outputs[DECLARED] } : {}),
		...(outputs[IDENTITY] === undefined ? {} : { h: outputs[IDENTITY] }),
		...(outputs[NOTED] === undefined ? {} : { n: outputs[NOTED] }),
		...(Object.keys(values).length === 0 ? {} : { v: values }),
	};
}

/** A member of some fleet, as state has it. */
export interface Remembered {
	readonly name: string;
	/** Absent for one of which state knows nothing. */
	readonly kept: Kept | undefined;
	/** The fleet's own properties. */
	readonly fleet: Values;
}

/** The member as a lifecycle of single objects knows it: by the id that the service chose, else by its name. */
export function targetOf<Inputs extends object>(
	{ facts, address }: Pick<FleetKind<Inputs>, "facts" | "address">,
	{ name, kept = {}, fleet }: Remembered,
): Target {
	const { i = name } = kept;
	return { id: String(i), values: restored(kept, facts, address(fleet, name)) };
}

/** The outputs of the member as a lifecycle of single objects needs them. */
function restored(kept: Kept, facts: Facts, address: Values): Values {
	const { d = "", h, n, v } = kept;
	const long = Object.entries(facts).map(([name, letter]) => [name, kept[letter]]);
	return {
		...address,
		...(typeof v === "object" ? v : {}),
		...Object.fromEntries(long.filter(([, value]) => value !== undefined)),
		[DECLARED]: d,
		[DECLARED_ONLY]: true,
		...(h === undefined ? {} : { [IDENTITY]: h }),
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
