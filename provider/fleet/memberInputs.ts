import { UNKNOWN, type Values } from "../values.ts";
import type { DeclaredFleet, DeclaredMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { getIgnoredInput } from "./ignoredMembers.ts";
import { type MemberState, readParentName, readScope, type StoredFleet } from "./memberState.ts";
import { getOutsideScope } from "./outsideParents.ts";

/** A change of a fleet: the deployed fleet and its new declaration. */
export interface FleetChange extends DeclaredFleet, StoredFleet {
	/** The former names of renamed members, by their new names; `memberStates` has these members under their new names. */
	readonly renamed: ReadonlyMap<string, string>;
}

/** Returns the scope of a member, which its children need; `UNKNOWN` if the member does not exist yet. */
export type ScopeLookup = (parentName: string) => unknown;

/** A member that a fleet declares. */
export interface DeclaredMember {
	readonly memberName: string;
	readonly fleet: DeclaredFleet;
	/** Default: the scopes are unknown. */
	readonly getParentScope?: ScopeLookup;
}

/**
 * Creates a lookup of the scopes in state.
 *
 * @param changedScopes scopes that are more recent than state
 */
export function createScopeLookup<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	memberStates: ReadonlyMap<string, MemberState>,
	changedScopes: ReadonlyMap<string, unknown> = new Map(),
): ScopeLookup {
	return (parentName) => {
		if (changedScopes.has(parentName)) return changedScopes.get(parentName);
		const memberState = memberStates.get(parentName);
		return (memberState && readScope(fleetType, memberState)) ?? UNKNOWN;
	};
}

/** Returns the name of the parent that a member declares, if the parent is a member too. */
export function getDeclaredParentName<Inputs extends object>(
	{ hierarchy }: Pick<FleetType<Inputs>, "hierarchy">,
	declaredMembers: DeclaredMembers,
	memberName: string,
): string | undefined {
	const parentName = hierarchy?.getParentName(declaredMembers.get(memberName) ?? {});
	return parentName !== undefined && declaredMembers.has(parentName) ? parentName : undefined;
}

/**
 * Whether state has another parent of a member than the fleet declares. A parent that was declared by its scope may be declared by its
 * name now; nothing but state changes then, which needs the name for the order of deletions.
 */
export function hasNewParentName<Inputs extends object>(
	fleetType: Pick<FleetType<Inputs>, "hierarchy">,
	{ memberStates, declaredMembers }: FleetChange,
	memberName: string,
): boolean {
	const declaredName = getDeclaredParentName(fleetType, declaredMembers, memberName);
	return readParentName(memberStates.get(memberName)) !== declaredName;
}

/** Returns the complete inputs that a member would have as a resource of its own. */
export function buildResourceInputs<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ memberName, fleet, getParentScope = () => UNKNOWN }: DeclaredMember,
): Values {
	const { fleetInputs, declaredMembers } = fleet;
	const memberInputs = declaredMembers.get(memberName) ?? {};
	const parentName = fleetType.hierarchy?.getParentName(memberInputs);
	const parentScope =
		parentName === undefined
			? undefined
			: (getOutsideScope(fleetType, fleet, parentName) ?? getParentScope(parentName));
	const ownInputs =
		fleetType.toResourceInputs?.(memberInputs, { memberName, fleetInputs, parentScope }) ?? memberInputs;
	const optionEntries = fleetType.providerOptions
		.map((name) => [name, fleetInputs[name]])
		.filter(([, value]) => value !== undefined);
	return fleetType.memberContext.resourceType.normalizeInputs({
		...fleetType.getMemberAddress(fleetInputs, memberName),
		...ownInputs,
		...Object.fromEntries(optionEntries),
		...getIgnoredInput(fleetType, fleetInputs, memberName),
	});
}
