import { type ActionCounter, DeferredChangeLimits } from "../resource/changeLimits.ts";
import { compare } from "../resource/compare.ts";
import { deriveInputs } from "../resource/context.ts";
import { wasCreatedByThisProgram } from "../resource/creationProof.ts";
import { diff } from "../resource/diff.ts";
import type { Holder } from "../resource/holder.ts";
import { requireReplaceable } from "../resource/ownership.ts";
import { UNKNOWN, type Values } from "../values.ts";
import { mapConcurrently } from "./concurrency.ts";
import type { DeclaredMembers } from "./declaredMembers.ts";
import type { FleetPlan, FleetType } from "./fleetType.ts";
import { groupByLevel } from "./hierarchy.ts";
import { findAmbiguousDuplicates, findDuplicates } from "./memberIdentity.ts";
import {
	buildResourceInputs,
	createScopeLookup,
	type FleetChange,
	type ScopeLookup,
} from "./memberInputs.ts";
import { decodeMember } from "./memberState.ts";
import { countDeletions, getMemberKey, planEarlyDeletions, splitDepartingMembers } from "./ownership.ts";
import { FleetError, formatMemberCount, withBufferedMemberMessages } from "./reporting.ts";

/** What came of the comparison of one member. */
interface MemberPlan {
	readonly step: "same" | "changed" | "missing" | "replaced" | "new";
	/** Whether the change is one of its credentials. */
	readonly isRekeyed: boolean;
	/** What its children must be told of it now. */
	readonly scope: unknown;
}

/**
 * Compares every member with the last deployment and with the service, as a resource of its own would be: parents first,
 * for what became of them may concern their children.
 */
export async function planFleet<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	change: FleetChange,
): Promise<FleetPlan> {
	const { memberStates, declaredMembers, fleetInputs } = change;
	const { claims } = fleetType.memberContext.runtime;
	const added = [...declaredMembers.keys()].filter((id) => !memberStates.has(id));
	for (const id of added)
		claims.planClaim(
			getMemberKey(fleetType, { id, declared: declaredMembers.get(id) ?? {}, fleet: fleetInputs }),
			fleetType.holder,
		);
	const steps = new Map<string, MemberPlan["step"]>();
	let rekeyedCount = 0;
	const failures = new Map<string, Error>();
	const changedScopes = new Map<string, unknown>();
	const scopes = createScopeLookup(fleetType, memberStates, changedScopes);
	const remaining = [...declaredMembers.keys()].filter((id) => memberStates.has(id));
	const planned = [
		...remaining,
		...findParentsToCreate(fleetType, { ids: remaining, declared: declaredMembers }),
	];
	const deferredLimits = new DeferredChangeLimits();
	const deferringType = withDeferredLimits(fleetType, deferredLimits);
	await withBufferedMemberMessages(deferringType, async (bufferedType) => {
		for (const level of groupByLevel(planned, (id) =>
			fleetType.getParentName(declaredMembers.get(id) ?? {}),
		)) {
			const { done, failed } = await mapConcurrently(level, fleetType.concurrency.reads, (id) => {
				const member = { id, change, scopes };
				return memberStates.has(id)
					? planMember(bufferedType, member)
					: planMissingParent(bufferedType, member);
			});
			for (const [id, error] of failed) failures.set(id, error);
			for (const [id, { step, scope, isRekeyed }] of done) {
				steps.set(id, step);
				if (isRekeyed) rekeyedCount++;
				if (scope !== scopes(id)) changedScopes.set(id, scope);
			}
		}
	});
	throwIfAnyFailed(fleetType, failures);
	const replaced = remaining.filter((id) => steps.get(id) === "replaced");
	const leaving = [...memberStates.keys()].filter((id) => !declaredMembers.has(id));
	const { removed, handedOver } = splitDepartingMembers(fleetType, leaving, { ...change, isEarly: true });
	const givenUp = [
		...removed,
		...splitDepartingMembers(fleetType, replaced, { ...change, isEarly: true }).removed,
	];
	countDeletions(deferringType, givenUp, change);
	deferredLimits.countAllIn(fleetType.memberContext.runtime.changeLimits);
	planEarlyDeletions(fleetType, givenUp, change);
	const missing = remaining.filter((id) => steps.get(id) === "missing");
	refuseAmbiguousMembers(fleetType, [...added, ...missing], change);
	return {
		added: [...added, ...missing],
		changed: remaining.filter((id) => steps.get(id) === "changed"),
		replaced,
		removed,
		handedOver,
		renamed: [...change.renamed].map(([name, former]) => `${former} → ${name}`),
		scopes: changedScopes,
		rekeyedCount,
	};
}

/** A parent that state does not know. */
async function planMissingParent<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, change, scopes }: { id: string; change: FleetChange; scopes: ScopeLookup },
): Promise<MemberPlan> {
	const resourceInputs = deriveInputs(
		fleetType.memberContext,
		buildResourceInputs(fleetType, { id, change, scopes }),
	);
	return { step: "new", scope: await readScopeIfCreated(fleetType, id, resourceInputs), isRekeyed: false };
}

async function planMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, change, scopes }: { id: string; change: FleetChange; scopes: ScopeLookup },
): Promise<MemberPlan> {
	const { memberContext } = fleetType;
	const target = decodeMember(fleetType, {
		memberName: id,
		memberState: change.memberStates.get(id),
		fleetInputs: change.fleetInputs,
	});
	const resourceInputs = buildResourceInputs(fleetType, { id, change, scopes });
	const comparison = compare(memberContext.resourceType, { state: target.values, declared: resourceInputs });
	if (comparison.replaces.length > 0) {
		requireReplaceable(fleetType.memberContext, target);
		return { step: "replaced", scope: UNKNOWN, isRekeyed: false };
	}
	const { changes, replaces } = await diff(memberContext, target.id, {
		olds: target.values,
		news: resourceInputs,
	});
	if (replaces.length > 0) return { step: "missing", scope: UNKNOWN, isRekeyed: false };
	const observed = memberContext.planCache.peek(memberContext.resourceType.getKey(target));
	const isRekeyed =
		changes &&
		memberContext.resourceType
			.listLimitedActions?.(target.values, deriveInputs(memberContext, resourceInputs))
			.includes("changeKeys") === true;
	if (observed === undefined || observed === "unchanged")
		return { step: changes ? "changed" : "same", scope: scopes(id), isRekeyed };
	// What a leaf has in the place of a scope is its parent's.
	const scope =
		(fleetType.canHaveChildren(observed.values as Values)
			? fleetType.getScope(observed.computed)
			: undefined) ?? UNKNOWN;
	// State must follow, or the children would be put below a scope that is no more.
	const hasNewScope = fleetType.canHaveChildren(change.declaredMembers.get(id) ?? {}) && scope !== scopes(id);
	return { step: changes || hasNewScope ? "changed" : "same", scope, isRekeyed };
}

/** The kind with members whose risks are only collected: a plan knows how many there are when all are compared. */
function withDeferredLimits<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	changeLimits: ActionCounter,
): FleetType<Inputs> & { readonly holder: Holder } {
	const { memberContext } = fleetType;
	return {
		...fleetType,
		memberContext: { ...memberContext, runtime: { ...memberContext.runtime, changeLimits } },
	};
}

/** The parents to be made below which there are to be members that state knows, whatever is between them. */
export function findParentsToCreate<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ ids, declared }: { ids: readonly string[]; declared: DeclaredMembers },
): readonly string[] {
	const known = new Set(ids);
	const missingParents = new Set<string>();
	for (const id of ids) {
		let ancestor = fleetType.getParentName(declared.get(id) ?? {});
		while (
			ancestor !== undefined &&
			declared.has(ancestor) &&
			!known.has(ancestor) &&
			!missingParents.has(ancestor)
		) {
			missingParents.add(ancestor);
			ancestor = fleetType.getParentName(declared.get(ancestor) ?? {});
		}
	}
	return [...missingParents];
}

/**
 * The scope of a parent that is to be made, where an interrupted run made it already: what that run moved below it is no
 * change that somebody else made.
 *
 * @param resourceInputs the parent's inputs, as a resource of its own would have them
 */
export async function readScopeIfCreated<Inputs extends object>(
	{ memberContext, getScope }: Pick<FleetType<Inputs>, "memberContext" | "getScope">,
	memberName: string,
	resourceInputs: Values,
): Promise<unknown> {
	const existing = await memberContext.resourceType
		.connect("read")
		.get({ id: memberName, values: resourceInputs });
	return existing !== undefined &&
		wasCreatedByThisProgram(memberContext, existing, { inputs: resourceInputs })
		? getScope(existing.computed)
		: UNKNOWN;
}

/** Members are not made that only the service's ids told from others. */
function refuseAmbiguousMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	added: readonly string[],
	change: FleetChange,
): void {
	if (added.length === 0) return;
	const getResourceInputs = (id: string): Values =>
		buildResourceInputs(fleetType, { id, change, scopes: () => UNKNOWN });
	throwIfAnyFailed(
		fleetType,
		findAmbiguousDuplicates(
			fleetType,
			added,
			findDuplicates(fleetType, change.declaredMembers.keys(), getResourceInputs),
		),
	);
}

/** A policy that forbids stops the whole plan; so does what could not be looked at. */
function throwIfAnyFailed<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	failed: ReadonlyMap<string, Error>,
): void {
	if (failed.size > 0)
		throw new FleetError(`${formatMemberCount(fleetType, failed.size)} can't be planned`, failed);
}
