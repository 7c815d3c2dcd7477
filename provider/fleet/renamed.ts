import { movedBy, recordIdentity } from "../lifecycle/record.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, targetOf } from "./member.ts";
import { type Change, inputsFor } from "./plan.ts";

/**
 * Members of which nothing but their names in the fleet is new: what identifies them is that of one that is no longer
 * declared. The service knows no such names, so state alone follows.
 *
 * @returns their former names, by the names that they have now
 */
export function renamedIn<Inputs extends object>(
	kind: FleetKind<Inputs>,
	change: Omit<Change, "renamed">,
): ReadonlyMap<string, string> {
	const { fleet, kept, declared } = change;
	const { fields } = kind.life.kind;
	const left = identified([...kept].filter(([name]) => !declared.has(name)));
	const renamed = new Map<string, string>();
	if (left.size === 0) return renamed;
	for (const name of declared.keys()) {
		if (kept.has(name)) continue;
		const news = inputsFor(kind, { id: name, change, scopes: () => UNKNOWN });
		const identity = recordIdentity(fields, news, {});
		const former = identity === undefined ? undefined : left.get(identity);
		if (identity === undefined || former === undefined) continue;
		const { values } = targetOf(kind, { name: former, kept: kept.get(former), fleet });
		if (movedBy(fields, values, news).length > 0) continue;
		left.delete(identity);
		renamed.set(name, former);
	}
	return renamed;
}

/** What state has of the members, by the names that they have now. */
export function keptByName(
	kept: ReadonlyMap<string, Kept>,
	renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, Kept> {
	const names = new Map([...renamed].map(([name, former]) => [former, name]));
	return new Map([...kept].map(([name, member]) => [names.get(name) ?? name, member]));
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
