import type { Values } from "../lifecycle/kind.ts";
import { movedBy, recordIdentity } from "../lifecycle/record.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, targetOf } from "./member.ts";
import { type Change, inputsFor } from "./plan.ts";

/**
 * Members of which nothing but their names in the fleet is new: what identifies them is that of one that is no longer
 * declared under its name. The service knows no such names, so state alone follows. Two may have exchanged their names.
 *
 * @returns their former names, by the names that they have now
 */
export function renamedIn<Inputs extends object>(
	kind: FleetKind<Inputs>,
	change: Omit<Change, "renamed">,
): ReadonlyMap<string, string> {
	const { fleet, kept, declared } = change;
	const { fields } = kind.life.kind;
	const renamed = new Map<string, string>();
	if (![...kept.values()].some(({ h: identity }) => typeof identity === "string")) return renamed;
	const isMoved = (former: string, news: Values): boolean =>
		movedBy(fields, targetOf(kind, { name: former, kept: kept.get(former), fleet }).values, news).length > 0;
	const inputs = new Map(
		[...declared.keys()]
			.map((id) => [id, inputsFor(kind, { id, change, scopes: () => UNKNOWN })] as const)
			.filter(([id, news]) => !kept.has(id) || isMoved(id, news)),
	);
	const left = identified([...kept].filter(([name]) => inputs.has(name) || !declared.has(name)));
	for (const [name, news] of inputs) {
		const identity = recordIdentity(fields, news, {});
		const former = identity === undefined ? undefined : left.get(identity);
		if (identity === undefined || former === undefined || isMoved(former, news)) continue;
		left.delete(identity);
		renamed.set(name, former);
	}
	return renamed;
}

/**
 * What state has of the members, by the names that they have now. One whose name another one took, and which has no new one,
 * gets a name that was left: under it the member is replaced or removed, as what it is.
 */
export function keptByName(
	kept: ReadonlyMap<string, Kept>,
	renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, Kept> {
	const names = new Map([...renamed].map(([name, former]) => [former, name]));
	const free = [...names.keys()].filter((former) => !renamed.has(former));
	const nameOf = (name: string): string =>
		names.get(name) ?? (renamed.has(name) ? free.pop() : undefined) ?? name;
	return new Map([...kept].map(([name, member]) => [nameOf(name), member]));
}

/** The names of members by what identifies them, where that is no other one's. */
function identified(members: readonly (readonly [string, Kept])[]): Map<string, string> {
	const names = new Map<string, string>();
	const twice = new Set<string>();
	for (const [name, { h: identity }] of members) {
		if (typeof identity !== "string") continue;
		if (names.has(identity)) twice.add(identity);
		names.set(identity, name);
	}
	for (const identity of twice) names.delete(identity);
	return names;
}
