import type { LimitedAction } from "../lifecycle/kind.ts";
import type { Values } from "../lifecycle/plain.ts";
import { getDeleteAction } from "../lifecycle/delete.ts";
import { diff } from "../lifecycle/diff.ts";
import { type ChangeLimits, type LimitedObject, DeferredChangeLimits } from "../lifecycle/guard.ts";
import { wasCreatedByThisProgram } from "../lifecycle/ours.ts";
import { buildResourceInputs, createScopeLookup, type FleetChange, type ScopeLookup } from "./foretold.ts";
import { deriveInputs, getDisplayName } from "../lifecycle/life.ts";
import { planEarlyDeletion, requireReplaceable, warnOfPossibleAdopters } from "../lifecycle/ownership.ts";
import { findPropertiesRequiringReplace } from "../lifecycle/record.ts";
import type { Holder } from "../lifecycle/recordMark.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import { FleetError } from "./errors.ts";
import { withBufferedMemberMessages } from "./gathered.ts";
import type { FleetType, FleetPlan } from "./kind.ts";
import { decodeMember } from "./member.ts";
import { groupByLevel } from "./order.ts";
import { getMemberKey, splitDepartingMembers } from "./ownership.ts";
import { mapConcurrently } from "./pool.ts";
import type { DeclaredMembers } from "./text.ts";
import { formatMemberCount } from "./told.ts";
import { findAmbiguousDuplicates, findDuplicates } from "./twins.ts";

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
		claims.planClaim(getMemberKey(fleetType, { id, declared: declaredMembers.get(id) ?? {}, fleet: fleetInputs }), fleetType.holder);
	const steps = new Map<string, MemberPlan["step"]>();
	let rekeyedCount = 0;
	const failures = new Map<string, Error>();
	const changedScopes = new Map<string, unknown>();
	const scopes = createScopeLookup(fleetType, memberStates, changedScopes);
	const remaining = [...declaredMembers.keys()].filter((id) => memberStates.has(id));
	const planned = [...remaining, ...findParentsToCreate(fleetType, { ids: remaining, declared: declaredMembers })];
	const deferredLimits = new DeferredChangeLimits();
	const deferringType = withDeferredLimits(fleetType, deferredLimits);
	await withBufferedMemberMessages(deferringType, async (bufferedType) => {
		for (const level of groupByLevel(planned, (id) => fleetType.getParentName(declaredMembers.get(id) ?? {}))) {
			const { done, failed } = await mapConcurrently(level, fleetType.concurrency.reads, (id) => {
				const member = { id, change, scopes };
				return memberStates.has(id) ? planMember(bufferedType, member) : planMissingParent(bufferedType, member);
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
	const givenUp = [...removed, ...splitDepartingMembers(fleetType, replaced, { ...change, isEarly: true }).removed];
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
	const resourceInputs = deriveInputs(fleetType.memberContext, buildResourceInputs(fleetType, { id, change, scopes }));
	return { step: "new", scope: await readScopeIfCreated(fleetType, id, resourceInputs), isRekeyed: false };
}

async function planMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, change, scopes }: { id: string; change: FleetChange; scopes: ScopeLookup },
): Promise<MemberPlan> {
	const { memberContext } = fleetType;
	const target = decodeMember(fleetType, { memberName: id, memberState: change.memberStates.get(id), fleetInputs: change.fleetInputs });
	const resourceInputs = buildResourceInputs(fleetType, { id, change, scopes });
	const isReplacement = findPropertiesRequiringReplace(memberContext.resourceType.schema, target.values, resourceInputs).length > 0;
	if (isReplacement) {
		requireReplaceable(fleetType.memberContext, target);
		return { step: "replaced", scope: UNKNOWN, isRekeyed: false };
	}
	const { changes, replaces } = await diff(memberContext, target.id, { olds: target.values, news: resourceInputs });
	if (replaces.length > 0) return { step: "missing", scope: UNKNOWN, isRekeyed: false };
	const observed = memberContext.planCache.peek(memberContext.resourceType.getKey(target));
	const isRekeyed = changes && memberContext.resourceType.listLimitedActions(target.values, deriveInputs(memberContext, resourceInputs)).includes("changeKeys");
	if (observed === undefined || observed === "untouched")
		return { step: changes ? "changed" : "same", scope: scopes(id), isRekeyed };
	// What a leaf has in the place of a scope is its parent's.
	const scope = (fleetType.canHaveChildren(observed.values as Values) ? fleetType.getScope(observed.computed) : undefined) ?? UNKNOWN;
	// State must follow, or the children would be put below a scope that is no more.
	const hasNewScope = fleetType.canHaveChildren(change.declaredMembers.get(id) ?? {}) && scope !== scopes(id);
	return { step: changes || hasNewScope ? "changed" : "same", scope, isRekeyed };
}

/** Keeps what the fleet gives up: it goes before any resource that is registered later could take it over. */
export function planEarlyDeletions<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	memberNames: Iterable<string>,
	{ fleetInputs, memberStates }: Pick<FleetChange, "fleetInputs" | "memberStates">,
): void {
	let hasAny = false;
	for (const memberName of memberNames) {
		planEarlyDeletion(fleetType.memberContext, decodeMember(fleetType, { memberName, memberState: memberStates.get(memberName), fleetInputs }), fleetType.holder);
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
		const target = decodeMember(fleetType, { memberName, memberState: memberStates.get(memberName), fleetInputs });
		const action = getDeleteAction(memberContext, target, holder);
		const object = { key: memberContext.resourceType.getKey(target), name: getDisplayName(memberContext, target) };
		const limitedObjects = objectsByAction.get(action) ?? [];
		limitedObjects.push(object);
		objectsByAction.set(action, limitedObjects);
	}
	for (const [risk, risky] of objectsByAction) memberContext.runtime.changeLimits.countAllOrThrow(risk, risky);
}

/** The kind with members whose risks are only collected: a plan knows how many there are when all are compared. */
function withDeferredLimits<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	changeLimits: ChangeLimits,
): FleetType<Inputs> & { readonly holder: Holder } {
	const { memberContext } = fleetType;
	return { ...fleetType, memberContext: { ...memberContext, runtime: { ...memberContext.runtime, changeLimits } } };
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
		while (ancestor !== undefined && declared.has(ancestor) && !known.has(ancestor) && !missingParents.has(ancestor)) {
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
	const existing = await memberContext.resourceType.connect("read").get({ id: memberName, values: resourceInputs });
	return existing !== undefined && wasCreatedByThisProgram(memberContext, existing, { inputs: resourceInputs }) ? getScope(existing.computed) : UNKNOWN;
}

/** Members are not made that only the service's ids told from others. */
function refuseAmbiguousMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	added: readonly string[],
	change: FleetChange,
): void {
	if (added.length === 0) return;
	const getResourceInputs = (id: string): Values => buildResourceInputs(fleetType, { id, change, scopes: () => UNKNOWN });
	throwIfAnyFailed(fleetType, findAmbiguousDuplicates(fleetType, added, findDuplicates(fleetType, change.declaredMembers.keys(), getResourceInputs)));
}

/** A policy that forbids stops the whole plan; so does what could not be looked at. */
function throwIfAnyFailed<Inputs extends object>(fleetType: FleetType<Inputs>, failed: ReadonlyMap<string, Error>): void {
	if (failed.size > 0) throw new FleetError(`${formatMemberCount(fleetType, failed.size)} can't be planned`, failed);
}
