import type { LimitedObject } from "../resource/changeLimits.ts";
import type { Declaration, OtherHolder } from "../resource/claims.ts";
import { getDisplayName } from "../resource/context.ts";
import { findReplaceRefusal, getDeleteAction } from "../resource/delete.ts";
import { readHiddenInputs } from "../resource/holder.ts";
import {
	findOtherHolder,
	planEarlyDeletion,
	requireDeletionOrder,
	warnOfPossibleAdopters,
} from "../resource/ownership.ts";
import type { LimitedAction } from "../resource/resourceType.ts";
import { isUnknown, type Values } from "../values.ts";
import { type DeclaredFleet, parseMembers } from "./declaredMembers.ts";
import { type FleetType, getMemberContext, type HeldFleetType } from "./fleetType.ts";
import { decodeMember, type StoredFleet } from "./memberState.ts";
import { FleetError, formatMemberCount } from "./reporting.ts";

/** Returns the declaration of a fleet for the claims of this run; undefined while its members or their location are unknown. */
export function createFleetDeclaration<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): Declaration | undefined {
	const { locationProperty, membersProperty } = fleetType;
	if (
		isUnknown(news[membersProperty]) ||
		(locationProperty !== undefined && isUnknown(news[locationProperty]))
	)
		return undefined;
	const { name, resourceHash } = readHiddenInputs(news);
	return {
		name,
		resourceHash,
		getDeclaredKeys: () => listMemberKeys(fleetType, news),
		getPreviousKeys: () => listMemberKeys(fleetType, olds),
	};
}

function listMemberKeys<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleetInputs: Values,
): ReadonlySet<string> {
	const declaredMembers = parseMembers(fleetInputs[fleetType.membersProperty]) ?? new Map<string, Values>();
	const fleet = { fleetInputs, declaredMembers };
	return new Set([...declaredMembers.keys()].map((memberName) => getMemberKey(fleetType, fleet, memberName)));
}

/** Returns the key of a member in the claims, as far as its declaration determines it. */
export function getMemberKey<Inputs extends object>(
	{ memberContext, getMemberAddress }: Pick<FleetType<Inputs>, "memberContext" | "getMemberAddress">,
	{ fleetInputs, declaredMembers }: DeclaredFleet,
	memberName: string,
): string {
	const { resourceType } = memberContext;
	const values = { ...getMemberAddress(fleetInputs, memberName), ...declaredMembers.get(memberName) };
	return resourceType.getKey({ id: resourceType.getId(values as Inputs), values });
}

/** Members in state that this record no longer holds. */
export interface DepartingMembers {
	/** Members to delete. */
	readonly removed: readonly string[];
	/** Members that stay, because another resource of the program holds or declares them. */
	readonly handedOver: readonly string[];
}

/**
 * Separates members to delete from members that another resource now holds or declares.
 *
 * @param isEarly whether the deletion is planned before the run has registered all resources
 * @throws ResourceOperationError HeldElsewhere if the other resource may be registered later
 */
export function splitDepartingMembers<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	fleet: StoredFleet,
	{ memberNames, isEarly }: { memberNames: readonly string[]; isEarly: boolean },
): DepartingMembers {
	const { memberContext } = fleetType;
	const otherHolders = new Map<string, OtherHolder>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, fleet, memberName);
		const { holder } = getMemberContext(fleetType, memberName, target.values);
		const otherHolder = findOtherHolder(memberContext, target, holder);
		if (otherHolder !== undefined) otherHolders.set(memberName, otherHolder);
	}
	if (isEarly) requireDeletionOrder(memberContext.holder, otherHolders);
	return {
		removed: memberNames.filter((memberName) => !otherHolders.has(memberName)),
		handedOver: [...otherHolders.keys()],
	};
}

/** Throws if a forced replacement would delete members that cannot be created again, before any is deleted. */
export function refuseReplacements<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	fleet: StoredFleet,
	memberNames: readonly string[],
): void {
	const { memberContext } = fleetType;
	if (memberContext.resourceType.explainNoReplacement === undefined) return;
	const refused = new Map<string, Error>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, fleet, memberName);
		const error = findReplaceRefusal(memberContext, target, memberContext.holder);
		if (error !== undefined) refused.set(memberName, error);
	}
	if (refused.size > 0)
		throw new FleetError(`${formatMemberCount(fleetType, refused.size)} cannot be replaced`, refused);
}

/** Registers the deletions with the claims, because they happen before a resource that is registered later could adopt the objects. */
export function planEarlyDeletions<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	fleet: StoredFleet,
	memberNames: readonly string[],
): void {
	const { memberContext } = fleetType;
	for (const memberName of memberNames)
		planEarlyDeletion(memberContext, decodeMember(fleetType, fleet, memberName), memberContext.holder);
	if (memberNames.length > 0) warnOfPossibleAdopters(memberContext, memberContext.holder);
}

/** Counts the deletions against the stack's limits, before the first of them. */
export function countDeletions<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	fleet: StoredFleet,
	memberNames: readonly string[],
): void {
	const { memberContext } = fleetType;
	const objectsByAction = new Map<LimitedAction, LimitedObject[]>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, fleet, memberName);
		const action = getDeleteAction(memberContext, target, memberContext.holder);
		const objects = objectsByAction.get(action) ?? [];
		objects.push({
			key: memberContext.resourceType.getKey(target),
			name: getDisplayName(memberContext, target),
		});
		objectsByAction.set(action, objects);
	}
	for (const [action, objects] of objectsByAction)
		memberContext.runtime.changeLimits.countAllOrThrow(action, objects);
}
