import { DeferredChangeLimits } from "../resource/changeLimits.ts";
import { deriveInputs } from "../resource/context.ts";
import { wasCreatedByThisProgram } from "../resource/creationProof.ts";
import { planResource } from "../resource/diff.ts";
import { isRefreshing } from "../resource/driftPolicy.ts";
import { decideReplacement, warnOfWeakIdentity } from "../resource/identityProof.ts";
import { requireReplaceable } from "../resource/ownership.ts";
import { UNKNOWN, type Values } from "../values.ts";
import { collectAdoptions, describeAdoptions } from "./adoptions.ts";
import { mapConcurrently, SharedFaultStop } from "./concurrency.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import {
	type FleetPlan,
	type FleetType,
	getMemberContext,
	type HeldFleetType,
	withRuntime,
} from "./fleetType.ts";
import { findOtherAncestors, groupByLevel } from "./hierarchy.ts";
import { findAmbiguousDuplicates, findDuplicates } from "./memberIdentity.ts";
import {
	buildResourceInputs,
	createScopeLookup,
	type DeclaredMember,
	type FleetChange,
	getDeclaredParentName,
	hasNewParentName,
	type ScopeLookup,
} from "./memberInputs.ts";
import { decodeMember } from "./memberState.ts";
import { countDeletions, getMemberKey, planEarlyDeletions, splitDepartingMembers } from "./ownership.ts";
import { throwIfAnyFailed, withBufferedMemberMessages } from "./reporting.ts";

/** The comparison of one member with state and the service. */
interface MemberPlan {
	readonly step: "same" | "changed" | "missing" | "replaced" | "new";
	/** The changes, if the step is `changed`. */
	readonly changeNote?: string;
	/** The scope for the member's children. */
	readonly scope: unknown;
}

/** The comparison of all members that need one. */
interface ComparedMembers {
	readonly namesByStep: Readonly<Record<MemberPlan["step"], readonly string[]>>;
	readonly changedScopes: ReadonlyMap<string, unknown>;
	readonly changeNotes: ReadonlyMap<string, string>;
}

/** A declared member of a fleet that is being planned. */
interface PlannedMember extends DeclaredMember {
	readonly fleet: FleetChange;
	readonly getParentScope: ScopeLookup;
}

/** Plans an update: compares every member with state and the service, as if it were a resource of its own. */
export async function planFleet<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	change: FleetChange,
): Promise<FleetPlan> {
	const { memberStates, declaredMembers } = change;
	const { runtime, holder } = fleetType.memberContext;
	const added = [...declaredMembers.keys()].filter((memberName) => !memberStates.has(memberName));
	for (const memberName of added)
		runtime.claims.planClaim(getMemberKey(fleetType, change, memberName), holder);
	// The number of members that a limit concerns is known only after all of them are compared.
	const deferredLimits = new DeferredChangeLimits(runtime.changeLimits);
	const deferringType = withRuntime(fleetType, { changeLimits: deferredLimits });
	const { namesByStep, changedScopes, changeNotes } = await compareMembers(deferringType, change);
	const { replaced, missing } = namesByStep;
	const leaving = [...memberStates.keys()].filter((memberName) => !declaredMembers.has(memberName));
	const { removed, handedOver } = splitDepartingMembers(fleetType, change, {
		memberNames: leaving,
		isEarly: true,
	});
	const deleted = [
		...removed,
		...splitDepartingMembers(fleetType, change, { memberNames: replaced, isEarly: true }).removed,
	];
	countDeletions(deferringType, change, deleted);
	await collectAdoptions(deferringType, change, added);
	if (!isRefreshing(fleetType.memberContext)) deferredLimits.countAllIn(runtime.changeLimits);
	planEarlyDeletions(fleetType, change, deleted);
	refuseAmbiguousMembers(fleetType, change, [...added, ...missing]);
	return {
		added: [...added, ...missing],
		changed: namesByStep.changed,
		replaced,
		removed,
		handedOver,
		renamed: [...change.renamed].map(([name, formerName]) => `${formerName} → ${name}`),
		changedScopes,
		changeNotes,
		adoptionNotes: describeAdoptions(fleetType, change, added),
	};
}

/** Compares the members in state that are still declared, parents first, because a change of a parent can affect its children. */
async function compareMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	change: FleetChange,
): Promise<ComparedMembers> {
	const { memberStates, declaredMembers } = change;
	const getParentName = (memberName: string): string | undefined =>
		getDeclaredParentName(fleetType, declaredMembers, memberName);
	const remaining = [...declaredMembers.keys()].filter((memberName) => memberStates.has(memberName));
	const compared = [...remaining, ...findOtherAncestors(remaining, declaredMembers, getParentName)];
	const plans = new Map<string, MemberPlan>();
	const failures = { failed: new Map<string, Error>(), untried: new Set<string>() };
	const stop = new SharedFaultStop();
	const changedScopes = new Map<string, unknown>();
	const getParentScope = createScopeLookup(fleetType, memberStates, changedScopes);
	await withBufferedMemberMessages(fleetType, async (bufferedType) => {
		for (const level of groupByLevel(compared, getParentName)) {
			const planOne = (memberName: string): Promise<MemberPlan> => {
				const member: PlannedMember = { memberName, fleet: change, getParentScope };
				return memberStates.has(memberName)
					? planMember(bufferedType, member)
					: planMissingParent(bufferedType, member);
			};
			const { reads } = fleetType.concurrency;
			const { done, failed, untried } = await mapConcurrently(level, reads, planOne, { stop });
			for (const [memberName, error] of failed) failures.failed.set(memberName, error);
			for (const memberName of untried) failures.untried.add(memberName);
			for (const [memberName, plan] of done) {
				plans.set(memberName, plan);
				if (plan.scope !== getParentScope(memberName)) changedScopes.set(memberName, plan.scope);
			}
		}
	});
	throwIfAnyFailed(fleetType, failures);
	const namesByStep: Record<MemberPlan["step"], string[]> = {
		same: [],
		changed: [],
		missing: [],
		replaced: [],
		new: [],
	};
	const changeNotes = new Map<string, string>();
	for (const memberName of compared) {
		const plan = plans.get(memberName);
		if (plan === undefined) continue;
		namesByStep[plan.step].push(memberName);
		if (plan.changeNote !== undefined) changeNotes.set(memberName, plan.changeNote);
	}
	return { namesByStep, changedScopes, changeNotes };
}

/** Plans a parent that is not in state although its descendants are. */
async function planMissingParent<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	member: PlannedMember,
): Promise<MemberPlan> {
	const inputs = deriveInputs(fleetType.memberContext, buildResourceInputs(fleetType, member));
	return {
		step: "new",
		scope: await readScopeIfCreated(fleetType, member.memberName, inputs),
	};
}

/**
 * Returns the scope of a parent to create if an interrupted run has already created it, otherwise `UNKNOWN`. That run may have
 * moved children below the parent, and they must not look as if somebody else had moved them.
 */
async function readScopeIfCreated<Inputs extends object>(
	{ memberContext, hierarchy }: FleetType<Inputs>,
	memberName: string,
	inputs: Values,
): Promise<unknown> {
	const api = memberContext.resourceType.connect("read");
	const existing = await api.get({ id: memberName, values: inputs });
	return existing !== undefined && wasCreatedByThisProgram(memberContext, existing, { inputs })
		? hierarchy?.getScope(existing.computed)
		: UNKNOWN;
}

async function planMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	member: PlannedMember,
): Promise<MemberPlan> {
	const { memberName, fleet, getParentScope } = member;
	const target = decodeMember(fleetType, fleet, memberName);
	const memberContext = getMemberContext(fleetType, memberName, target.values);
	const resourceInputs = buildResourceInputs(fleetType, member);
	const identity = await decideReplacement(memberContext, target, resourceInputs);
	if (identity.replaces.length > 0) {
		requireReplaceable(fleetType.memberContext, target);
		warnOfWeakIdentity(memberContext, target, { news: resourceInputs, replaces: identity.replaces });
		return { step: "replaced", scope: UNKNOWN };
	}
	const { changes, replaces, changeNotes } = await planResource(memberContext, target.id, {
		olds: target.values,
		news: resourceInputs,
		identity,
	});
	if (replaces.length > 0) return { step: "missing", scope: UNKNOWN };
	const observed = memberContext.planCache.peek(memberContext.resourceType.getKey(target));
	const changeNote = changeNotes.join(", ");
	const previousScope = getParentScope(memberName);
	const isChanged = changes || hasNewParentName(fleetType, fleet, memberName);
	if (observed === undefined || observed === "unchanged")
		return { step: isChanged ? "changed" : "same", scope: previousScope, ...(isChanged && { changeNote }) };
	const { hierarchy } = fleetType;
	// For a member that cannot have children, the same field contains its parent's scope.
	const ownScope = hierarchy?.canHaveChildren(observed.values as Values)
		? hierarchy.getScope(observed.computed)
		: undefined;
	const scope = ownScope ?? UNKNOWN;
	// An update must put the new scope into state, or children would be created below a scope that no longer exists.
	const hasNewScope =
		hierarchy?.canHaveChildren(fleet.declaredMembers.get(memberName) ?? {}) === true &&
		scope !== previousScope;
	return isChanged || hasNewScope ? { step: "changed", scope, changeNote } : { step: "same", scope };
}

/** Throws for members to create that only the service's ids distinguished from others. */
function refuseAmbiguousMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	added: readonly string[],
): void {
	if (added.length === 0) return;
	const failed = findAmbiguousDuplicates(fleetType, added, findDuplicates(fleetType, fleet));
	throwIfAnyFailed(fleetType, { failed, untried: new Set() });
}
