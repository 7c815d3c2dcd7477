import type { LimitedObject } from "../resource/changeLimits.ts";
import type { Declaration, OtherHolder } from "../resource/claims.ts";
import { getDisplayName } from "../resource/context.ts";
import { findReplaceRefusal, getDeleteAction } from "../resource/delete.ts";
import { type Holder, readHiddenInputs } from "../resource/holder.ts";
import {
	findOtherHolder,
	planEarlyDeletion,
	requireDeletionOrder,
	warnOfPossibleAdopters,
} from "../resource/ownership.ts";
import type { LimitedAction } from "../resource/resourceType.ts";
import { isUnknown, type Values } from "../values.ts";
import { parseMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import type { FleetChange } from "./memberInputs.ts";
import { decodeMember } from "./memberState.ts";
import { FleetError, formatMemberCount } from "./reporting.ts";

/** The same fleet, its members held by this record. */
export function withHolder<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	holder: Holder,
): FleetType<Inputs> & { readonly holder: Holder } {
	return { ...fleetType, memberContext: { ...fleetType.memberContext, holder }, holder };
}

/** What a fleet declares, for the claims of this run; undefined while its members or their place are unknown. */
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

/** The key of a member, as far as its declaration tells. */
export function getMemberKey<Inputs extends object>(
	{ memberContext, getMemberAddress }: Pick<FleetType<Inputs>, "memberContext" | "getMemberAddress">,
	{ id, declared, fleet }: { id: string; declared: Values; fleet: Values },
): string {
	const values = { ...getMemberAddress(fleet, id), ...declared };
	return memberContext.resourceType.getKey({
		id: memberContext.resourceType.getId(values as Inputs),
		values,
	});
}

/** Members in state that are no longer this record's to keep. */
export interface DepartingMembers {
	/** That are deleted. */
	readonly removed: readonly string[];
	/** That stay, because another resource of the program has them or declares them. */
	readonly handedOver: readonly string[];
}

/**
 * Tells members that are to be deleted from those that another resource has by now.
 *
 * @param isEarly whether the fleet gives them up before the run has registered all resources
 * @throws ResourceOperationError HeldElsewhere where the other resource may be registered later
 */
export function splitDepartingMembers<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	memberNames: readonly string[],
	{
		fleetInputs,
		memberStates,
		isEarly,
	}: Pick<FleetChange, "fleetInputs" | "memberStates"> & { readonly isEarly: boolean },
): DepartingMembers {
	const others = new Map<string, OtherHolder>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, {
			memberName,
			memberState: memberStates.get(memberName),
			fleetInputs,
		});
		const other = findOtherHolder(fleetType.memberContext, target, fleetType.holder);
		if (other !== undefined) others.set(memberName, other);
	}
	if (isEarly) requireDeletionOrder(fleetType.holder, others);
	return { removed: memberNames.filter((name) => !others.has(name)), handedOver: [...others.keys()] };
}

/** Members that could not be created again are not deleted by a forced replacement, and nor are the others beside them. */
export function refuseReplacements<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	memberNames: readonly string[],
	{ fleetInputs, memberStates }: Pick<FleetChange, "fleetInputs" | "memberStates">,
): void {
	if (fleetType.memberContext.resourceType.explainNoReplacement === undefined) return;
	const refused = new Map<string, Error>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, {
			memberName,
			memberState: memberStates.get(memberName),
			fleetInputs,
		});
		const error = findReplaceRefusal(fleetType.memberContext, target, fleetType.holder);
		if (error !== undefined) refused.set(memberName, error);
	}
	if (refused.size > 0)
		throw new FleetError(`${formatMemberCount(fleetType, refused.size)} can't be replaced`, refused);
}

function listMemberKeys<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleetInputs: Values,
): ReadonlySet<string> {
	const members = parseMembers(fleetInputs[fleetType.membersProperty]) ?? new Map<string, Values>();
	return new Set(
		[...members].map(([id, declared]) => getMemberKey(fleetType, { id, declared, fleet: fleetInputs })),
	);
}

/** Keeps what the fleet gives up: it goes before any resource that is registered later could take it over. */
export function planEarlyDeletions<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	memberNames: Iterable<string>,
	{ fleetInputs, memberStates }: Pick<FleetChange, "fleetInputs" | "memberStates">,
): void {
	let hasAny = false;
	for (const memberName of memberNames) {
		planEarlyDeletion(
			fleetType.memberContext,
			decodeMember(fleetType, { memberName, memberState: memberStates.get(memberName), fleetInputs }),
			fleetType.holder,
		);
		hasAny = true;
	}
	if (hasAny) warnOfPossibleAdopters(fleetType.memberContext, fleetType.holder);
}

/** Counts what is to be removed against the stack's limits, before any of it is. */
export function countDeletions<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	memberNames: Iterable<string>,
	{ fleetInputs, memberStates }: Pick<FleetChange, "fleetInputs" | "memberStates">,
): void {
	const { memberContext, holder } = fleetType;
	const objectsByAction = new Map<LimitedAction, LimitedObject[]>();
	for (const memberName of memberNames) {
		const target = decodeMember(fleetType, {
			memberName,
			memberState: memberStates.get(memberName),
			fleetInputs,
		});
		const action = getDeleteAction(memberContext, target, holder);
		const object = {
			key: memberContext.resourceType.getKey(target),
			name: getDisplayName(memberContext, target),
		};
		const limitedObjects = objectsByAction.get(action) ?? [];
		limitedObjects.push(object);
		objectsByAction.set(action, limitedObjects);
	}
	for (const [risk, risky] of objectsByAction)
		memberContext.runtime.changeLimits.countAllOrThrow(risk, risky);
}
