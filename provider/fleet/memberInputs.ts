import { UNKNOWN, type Values } from "../values.ts";
import type { DeclaredMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { type MemberState, readScope } from "./memberState.ts";

/** Two states of a fleet: as it was deployed, and as it is declared now. */
export interface FleetChange {
	readonly fleetInputs: Values;
	readonly memberStates: ReadonlyMap<string, MemberState>;
	readonly declaredMembers: DeclaredMembers;
	/** The former names of members that state knew by others, by the names under which `kept` has them now. */
	readonly renamed: ReadonlyMap<string, string>;
}

/** The scope of a member, by id: what a lifecycle of its children is told. */
export type ScopeLookup = (parentName: string) => unknown;

/**
 * The scopes that state knows; of a member that is not there yet nobody knows it.
 *
 * @param changedScopes what is known better
 */
export function createScopeLookup<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	memberStates: ReadonlyMap<string, MemberState>,
	changedScopes: ReadonlyMap<string, unknown> = new Map(),
): ScopeLookup {
	return (id) => {
		if (changedScopes.has(id)) return changedScopes.get(id);
		const memberState = memberStates.get(id);
		return (memberState && readScope(fleetType, memberState)) ?? UNKNOWN;
	};
}

/** The completed inputs of a member, as a resource of its own would have them. */
export function buildResourceInputs<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{
		id,
		change,
		scopes,
	}: { id: string; change: Pick<FleetChange, "fleetInputs" | "declaredMembers">; scopes: ScopeLookup },
): Values {
	const { fleetInputs, declaredMembers } = change;
	const memberInputs = declaredMembers.get(id) ?? {};
	const parentName = fleetType.getParentName(memberInputs);
	const ownInputs = fleetType.toResourceInputs(memberInputs, {
		id,
		fleet: fleetInputs,
		scope: parentName === undefined ? undefined : scopes(parentName),
	});
	const optionEntries = fleetType.providerOptions
		.map((name) => [name, fleetInputs[name]])
		.filter(([, value]) => value !== undefined);
	return fleetType.memberContext.resourceType.normalizeInputs({
		...fleetType.getMemberAddress(fleetInputs, id),
		...ownInputs,
		...Object.fromEntries(optionEntries),
	});
}
