import type { Values } from "../lifecycle/plain.ts";
import { findPropertiesRequiringReplace, encodeIdentity } from "../lifecycle/record.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetType } from "./kind.ts";
import { type MemberState, decodeMember } from "./member.ts";
import { type FleetChange, buildResourceInputs } from "./foretold.ts";

/**
 * Members of which nothing but their names in the fleet is new: what identifies them is that of one that is no longer
 * declared under its name. The service knows no such names, so state alone follows. Two may have exchanged their names.
 *
 * @returns their former names, by the names that they have now
 */
export function findRenamedMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	change: Omit<FleetChange, "renamed">,
): ReadonlyMap<string, string> {
	const { fleetInputs, memberStates, declaredMembers } = change;
	const { schema } = fleetType.memberContext.resourceType;
	const renamed = new Map<string, string>();
	if (![...memberStates.values()].some(({ h: identity }) => typeof identity === "string")) return renamed;
	const needsReplacement = (former: string, news: Values): boolean =>
		findPropertiesRequiringReplace(schema, decodeMember(fleetType, { memberName: former, memberState: memberStates.get(former), fleetInputs }).values, news).length > 0;
	const candidates = new Map(
		[...declaredMembers.keys()]
			.map((id) => [id, buildResourceInputs(fleetType, { id, change, scopes: () => UNKNOWN })] as const)
			.filter(([id, news]) => !memberStates.has(id) || needsReplacement(id, news)),
	);
	const namesByIdentity = indexByIdentity([...memberStates].filter(([name]) => candidates.has(name) || !declaredMembers.has(name)));
	for (const [name, news] of candidates) {
		const identity = encodeIdentity(schema, news, {});
		const former = identity === undefined ? undefined : namesByIdentity.get(identity);
		if (identity === undefined || former === undefined || needsReplacement(former, news)) continue;
		namesByIdentity.delete(identity);
		renamed.set(name, former);
	}
	return renamed;
}

/**
 * What state has of the members, by the names that they have now. One whose name another one took, and which has no new one,
 * gets a name that was left: under it the member is replaced or removed, as what it is.
 */
export function applyRenames(
	memberStates: ReadonlyMap<string, MemberState>,
	renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, MemberState> {
	const newNames = new Map([...renamed].map(([name, former]) => [former, name]));
	const freeNames = [...newNames.keys()].filter((former) => !renamed.has(former));
	const getNewName = (name: string): string =>
		newNames.get(name) ?? (renamed.has(name) ? freeNames.pop() : undefined) ?? name;
	return new Map([...memberStates].map(([name, member]) => [getNewName(name), member]));
}

/** The names of members by what identifies them, where that is no other one's. */
function indexByIdentity(memberStates: readonly (readonly [string, MemberState])[]): Map<string, string> {
	const names = new Map<string, string>();
	const ambiguous = new Set<string>();
	for (const [name, { h: identity }] of memberStates) {
		if (typeof identity !== "string") continue;
		if (names.has(identity)) ambiguous.add(identity);
		names.set(identity, name);
	}
	for (const identity of ambiguous) names.delete(identity);
	return names;
}
