import { isObject, isUnknown, UNKNOWN, type Values } from "../values.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";

/** The parts of a fleet type that say where the scopes of outside parents are. */
type HierarchicalFleetType<Inputs extends object> = Pick<FleetType<Inputs>, "hierarchy">;

/**
 * Returns the scope of a parent outside the fleet: what the fleet input declares for the name; `UNKNOWN` until it is known, and for any
 * name while the whole input is not known; undefined if the name is a member's or nobody's.
 */
export function getOutsideScope<Inputs extends object>(
	{ hierarchy }: HierarchicalFleetType<Inputs>,
	{ fleetInputs, declaredMembers }: DeclaredFleet,
	parentName: string,
): unknown {
	if (hierarchy?.outsideProperty === undefined || declaredMembers.has(parentName)) return undefined;
	const scopes = fleetInputs[hierarchy.outsideProperty];
	if (isUnknown(scopes)) return UNKNOWN;
	return isObject(scopes) && Object.hasOwn(scopes, parentName) ? scopes[parentName] : undefined;
}

/** Returns the names of the declared parents outside the fleet; empty if there are none, or while they are not known. */
export function listOutsideParents<Inputs extends object>(
	{ hierarchy }: HierarchicalFleetType<Inputs>,
	fleetInputs: Values,
): readonly string[] {
	const scopes =
		hierarchy?.outsideProperty === undefined ? undefined : fleetInputs[hierarchy.outsideProperty];
	return isObject(scopes) ? Object.keys(scopes) : [];
}
