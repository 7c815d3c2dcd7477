import { compare } from "../resource/compare.ts";
import { ResourceOperationError } from "../resource/errors.ts";
import { encodeIdentity } from "../resource/managedFields.ts";
import type { Field } from "../resource/schema.ts";
import { MEMBER_KEYS } from "../stateKeys.ts";
import { UNKNOWN, type Values } from "../values.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs, type FleetChange } from "./memberInputs.ts";
import { decodeMember, type MemberState } from "./memberState.ts";

/**
 * Members that are declared as one and the same object, each with the first that is declared so. Only where members have
 * more to be told apart by than their names.
 *
 * @param getResourceInputs a member's inputs, as a resource of its own would have them
 */
export function findDuplicates<Inputs extends object>(
	{ memberContext }: Pick<FleetType<Inputs>, "memberContext">,
	memberNames: Iterable<string>,
	getResourceInputs: (id: string) => Values,
): ReadonlyMap<string, string> {
	const firstByIdentity = new Map<string, string>();
	const duplicates = new Map<string, string>();
	const { schema } = memberContext.resourceType;
	if (!Object.values<Field>(schema).some(({ writeOnly }) => writeOnly)) return duplicates;
	for (const id of memberNames) {
		const identity = encodeIdentity(schema, getResourceInputs(id), {});
		if (identity === undefined) continue;
		const other = firstByIdentity.get(identity);
		if (other === undefined) firstByIdentity.set(identity, id);
		else duplicates.set(id, other);
	}
	return duplicates;
}

/**
 * Why members can't be made that only the service's ids told from others: each would be taken for its twin.
 *
 * @param added the members to be made
 * @param duplicates what {@link findDuplicates} answered
 */
export function findAmbiguousDuplicates<Inputs extends object>(
	{ membersProperty }: Pick<FleetType<Inputs>, "membersProperty">,
	added: readonly string[],
	duplicates: ReadonlyMap<string, string>,
): ReadonlyMap<string, ResourceOperationError> {
	const addedNames = new Set(added);
	const errors = new Map<string, ResourceOperationError>();
	for (const [id, other] of duplicates) {
		const [name, left] = addedNames.has(id) ? [id, other] : [other, id];
		if (!addedNames.has(name)) continue;
		const text = `${name} is no longer there, and ${left} is declared in the same way. Leave ${name} out of the ${membersProperty}.`;
		errors.set(name, new ResourceOperationError("DeletedElsewhere", text));
	}
	return errors;
}

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
	const { resourceType } = fleetType.memberContext;
	const renamed = new Map<string, string>();
	if (
		![...memberStates.values()].some(({ [MEMBER_KEYS.identity]: identity }) => typeof identity === "string")
	)
		return renamed;
	const needsReplacement = (former: string, news: Values): boolean =>
		compare(resourceType, {
			state: decodeMember(fleetType, {
				memberName: former,
				memberState: memberStates.get(former),
				fleetInputs,
			}).values,
			declared: news,
		}).replaces.length > 0;
	const candidates = new Map(
		[...declaredMembers.keys()]
			.map((id) => [id, buildResourceInputs(fleetType, { id, change, scopes: () => UNKNOWN })] as const)
			.filter(([id, news]) => !memberStates.has(id) || needsReplacement(id, news)),
	);
	const namesByIdentity = indexByIdentity(
		[...memberStates].filter(([name]) => candidates.has(name) || !declaredMembers.has(name)),
	);
	for (const [name, news] of candidates) {
		const identity = encodeIdentity(resourceType.schema, news, {});
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
	for (const [name, { [MEMBER_KEYS.identity]: identity }] of memberStates) {
		if (typeof identity !== "string") continue;
		if (names.has(identity)) ambiguous.add(identity);
		names.set(identity, name);
	}
	for (const identity of ambiguous) names.delete(identity);
	return names;
}
