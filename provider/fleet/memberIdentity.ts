import { compare } from "../resource/compare.ts";
import { ResourceOperationError } from "../resource/errors.ts";
import { encodeIdentity } from "../resource/managedFields.ts";
import type { Field } from "../resource/schema.ts";
import { MEMBER_KEYS } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs, type FleetChange } from "./memberInputs.ts";
import { decodeMember, type MemberState } from "./memberState.ts";

/**
 * Returns members that declare the same object as an earlier member, each with the first one that declares it. Only resource
 * types with write-only fields have such members; otherwise the names distinguish the objects.
 */
export function findDuplicates<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
): ReadonlyMap<string, string> {
	const firstByIdentity = new Map<string, string>();
	const duplicates = new Map<string, string>();
	const { schema } = fleetType.memberContext.resourceType;
	if (!Object.values<Field>(schema).some(({ writeOnly }) => writeOnly)) return duplicates;
	for (const memberName of fleet.declaredMembers.keys()) {
		const identity = encodeIdentity(schema, buildResourceInputs(fleetType, { memberName, fleet }), {});
		if (identity === undefined) continue;
		const first = firstByIdentity.get(identity);
		if (first === undefined) firstByIdentity.set(identity, memberName);
		else duplicates.set(memberName, first);
	}
	return duplicates;
}

/**
 * Returns errors for members that cannot be created again because only the service's id distinguished them from another member:
 * the service would treat each as its duplicate.
 *
 * @param added the members to create
 * @param duplicates the result of {@link findDuplicates}
 */
export function findAmbiguousDuplicates<Inputs extends object>(
	{ membersProperty }: Pick<FleetType<Inputs>, "membersProperty">,
	added: readonly string[],
	duplicates: ReadonlyMap<string, string>,
): ReadonlyMap<string, ResourceOperationError> {
	const addedNames = new Set(added);
	const errors = new Map<string, ResourceOperationError>();
	for (const [duplicate, first] of duplicates) {
		const [missing, remaining] = addedNames.has(duplicate) ? [duplicate, first] : [first, duplicate];
		if (!addedNames.has(missing)) continue;
		const message =
			`${missing} no longer exists, and it cannot be created again because ${remaining} has the same declaration. Remove ` +
			`${missing} from the ${membersProperty}.`;
		errors.set(missing, new ResourceOperationError("DeletedElsewhere", message));
	}
	return errors;
}

/**
 * Returns the former names of renamed members, by their new names. A member was renamed if it has the identity of a member
 * in state whose name now belongs to another member or to none. The service does not know these names, so only state
 * changes. Two members can have swapped their names.
 */
export function findRenamedMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	change: Omit<FleetChange, "renamed">,
): ReadonlyMap<string, string> {
	const { memberStates, declaredMembers } = change;
	const { resourceType } = fleetType.memberContext;
	const renamed = new Map<string, string>();
	const hasIdentity = [...memberStates.values()].some(
		(state) => typeof state[MEMBER_KEYS.identity] === "string",
	);
	if (!hasIdentity) return renamed;
	const needsReplacement = (formerName: string, news: Values): boolean => {
		const olds = decodeMember(fleetType, change, formerName).values;
		return compare(resourceType, { state: olds, declared: news }).replaces.length > 0;
	};
	const candidates = new Map(
		[...declaredMembers.keys()]
			.map((name) => [name, buildResourceInputs(fleetType, { memberName: name, fleet: change })] as const)
			.filter(([name, news]) => !memberStates.has(name) || needsReplacement(name, news)),
	);
	const namesByIdentity = indexByIdentity(
		[...memberStates].filter(([name]) => candidates.has(name) || !declaredMembers.has(name)),
	);
	for (const [name, news] of candidates) {
		const identity = encodeIdentity(resourceType.schema, news, {});
		const formerName = identity === undefined ? undefined : namesByIdentity.get(identity);
		if (identity === undefined || formerName === undefined || needsReplacement(formerName, news)) continue;
		namesByIdentity.delete(identity);
		renamed.set(name, formerName);
	}
	return renamed;
}

/**
 * Returns the members in state by their new names. A member without a new name, whose name now belongs to another member, gets
 * an unused former name; under that name the plan replaces or deletes it.
 */
export function applyRenames(
	memberStates: ReadonlyMap<string, MemberState>,
	renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, MemberState> {
	const newNames = new Map([...renamed].map(([name, formerName]) => [formerName, name]));
	const freeNames = [...newNames.keys()].filter((formerName) => !renamed.has(formerName));
	const getNewName = (name: string): string =>
		newNames.get(name) ?? (renamed.has(name) ? freeNames.pop() : undefined) ?? name;
	return new Map([...memberStates].map(([name, memberState]) => [getNewName(name), memberState]));
}

/** Returns the names of members by identity. Identities that several members share are omitted. */
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
