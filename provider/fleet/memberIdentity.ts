import { compare } from "../resource/compare.ts";
import { ResourceOperationError } from "../resource/errors.ts";
import {
	createIdentityKey,
	type IdentityComparison,
	listDeclaredKeys,
	listStateKeys,
} from "../resource/identity.ts";
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
		const identity = createIdentityKey(schema, buildResourceInputs(fleetType, { memberName, fleet }));
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
 *
 * If state of an earlier release says nothing about the identity that would prove it, the others decide, and the plan of the renamed
 * member compares the object itself.
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
	const compareIdentity = (formerName: string, news: Values): IdentityComparison => {
		const state = decodeMember(fleetType, change, formerName).values;
		return compare(resourceType, { state, declared: news }).identity;
	};
	const isInconclusive = (formerName: string, news: Values): boolean =>
		compareIdentity(formerName, news).inconclusive.length > 0;
	const candidates = new Map(
		[...declaredMembers.keys()]
			.map((name) => [name, buildResourceInputs(fleetType, { memberName: name, fleet: change })] as const)
			.filter(([name, news]) => !memberStates.has(name) || compareIdentity(name, news).replaces.length > 0),
	);
	const states = [...memberStates].filter(([name]) => candidates.has(name) || !declaredMembers.has(name));
	const { proofs, weak } = indexByIdentity(fleetType, states);
	const formerNames = new Set<string>();
	const rename = (name: string, formerName: string | undefined): void => {
		if (formerName === undefined || formerNames.has(formerName)) return;
		renamed.set(name, formerName);
		formerNames.add(formerName);
	};
	const find = (index: ReadonlyMap<string, string>, keys: readonly string[]): string | undefined =>
		keys.map((key) => index.get(key)).find((name) => name !== undefined);
	const keysByName = [...candidates].map(
		([name, news]) => [name, listDeclaredKeys(resourceType.schema, news)] as const,
	);
	for (const [name, keys] of keysByName) {
		const formerName = find(proofs, keys.proofs);
		if (formerName !== name) rename(name, formerName);
	}
	for (const [name, keys] of keysByName) {
		if (renamed.has(name) || memberStates.has(name) || keys.weak === undefined) continue;
		const formerName = weak.get(keys.weak);
		const news = candidates.get(name) ?? {};
		if (formerName !== undefined && !declaredMembers.has(formerName) && isInconclusive(formerName, news))
			rename(name, formerName);
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

/** Names of members in state by the keys of their identities. */
interface IdentityIndex {
	readonly proofs: ReadonlyMap<string, string>;
	readonly weak: ReadonlyMap<string, string>;
}

/** Returns the names of members by identity. Identities that several members share are omitted. */
function indexByIdentity<Inputs extends object>(
	{ memberContext }: FleetType<Inputs>,
	memberStates: readonly (readonly [string, MemberState])[],
): IdentityIndex {
	const entries = memberStates.flatMap(([name, { [MEMBER_KEYS.identity]: identity }]) =>
		typeof identity === "string"
			? [{ name, ...listStateKeys(memberContext.resourceType.schema, identity) }]
			: [],
	);
	return {
		proofs: indexUnique(entries.flatMap(({ name, proofs }) => proofs.map((key) => [key, name] as const))),
		weak: indexUnique(
			entries.flatMap(({ name, weak }) => (weak === undefined ? [] : [[weak, name] as const])),
		),
	};
}

/** Returns the values by their keys, without keys that several values have. */
function indexUnique(entries: readonly (readonly [key: string, value: string])[]): Map<string, string> {
	const index = new Map<string, string>();
	const ambiguous = new Set<string>();
	for (const [key, value] of entries) {
		if (index.has(key)) ambiguous.add(key);
		index.set(key, value);
	}
	for (const key of ambiguous) index.delete(key);
	return index;
}
