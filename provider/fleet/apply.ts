import { create } from "../resource/create.ts";
import { logAdoption } from "../resource/createConflict.ts";
import { deleteObject } from "../resource/delete.ts";
import { PartialError, ResourceOperationError } from "../resource/errors.ts";
import type { Target } from "../resource/resourceType.ts";
import { update } from "../resource/update.ts";
import { MEMBER_KEYS } from "../stateKeys.ts";
import { isUnknown } from "../values.ts";
import { mapConcurrently } from "./concurrency.ts";
import type { FleetPlan, FleetType } from "./fleetType.ts";
import { groupByLevel } from "./hierarchy.ts";
import { buildResourceInputs, createScopeLookup, type FleetChange } from "./memberInputs.ts";
import { decodeMember, encodeMember, type MemberState, readParentName } from "./memberState.ts";
import {
	formatMemberCount,
	formatNameList,
	type ProgressReporter,
	withBufferedMemberMessages,
} from "./reporting.ts";

/** How a fleet is after some of a plan was carried out. */
export interface ApplyResult {
	readonly memberStates: ReadonlyMap<string, MemberState>;
	readonly failed: ReadonlyMap<string, Error>;
}

/** What is being carried out. */
interface PlanExecution<Inputs extends object> {
	readonly fleetType: FleetType<Inputs>;
	readonly change: FleetChange;
	readonly plan: FleetPlan;
	readonly changed: ReadonlySet<string>;
	readonly replaced: ReadonlySet<string>;
	readonly memberStates: Map<string, MemberState>;
	readonly failed: Map<string, Error>;
	readonly progress: ProgressReporter;
	/** Members that existed and were taken over because the fleet says `adopt`. */
	readonly adopted: string[];
}

/**
 * Carries a plan out as far as possible: parents before their children, then what is no longer declared, children before
 * their parents. What succeeded is kept whatever happens to the rest.
 */
export async function applyPlan<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ change, plan, progress }: { change: FleetChange; plan: FleetPlan; progress: ProgressReporter },
): Promise<ApplyResult> {
	const failed = new Map<string, Error>();
	const adopted: string[] = [];
	const memberStates = new Map(change.memberStates);
	// What is gone is no member any more unless it can be made again.
	for (const id of plan.added) memberStates.delete(id);
	const { declaredMembers } = change;
	const getParentName = (id: string) => fleetType.getParentName(declaredMembers.get(id) ?? {});
	const getPreviousParentName = (id: string) => readParentName(change.memberStates.get(id));
	return withBufferedMemberMessages(fleetType, async (bufferedType) => {
		const memberSets = { changed: new Set(plan.changed), replaced: new Set(plan.replaced) };
		const execution: PlanExecution<Inputs> = {
			fleetType: bufferedType,
			change,
			plan,
			progress,
			memberStates,
			failed,
			adopted,
			...memberSets,
		};
		const written = [...plan.added, ...plan.changed, ...plan.replaced];
		for (const level of groupByLevel(written, getParentName)) await writeLevel(execution, level);
		const leaving = [...plan.removed, ...plan.handedOver];
		for (const level of [...groupByLevel(leaving, getPreviousParentName)].reverse())
			await deleteLevel(execution, level);
		logAdoptedMembers(execution);
		return execution;
	});
}

async function writeLevel<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	level: readonly string[],
): Promise<void> {
	const { fleetType, failed, memberStates, progress } = execution;
	const outcome = await mapConcurrently(level, fleetType.concurrency.writes, async (id) => {
		try {
			return await writeMember(execution, id);
		} catch (error) {
			if (error instanceof PartialError)
				memberStates.set(
					id,
					encodeMemberWithParent(execution, id, { id: error.id, values: error.properties }),
				);
			throw hasReappeared(execution, id, error) ? keepReappearedMember(execution, id, error) : error;
		} finally {
			progress.completeOne();
		}
	});
	for (const [id, member] of outcome.done) memberStates.set(id, member);
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

/** Whether a member that the plan found missing turned out to be there when it was to be created again. */
function hasReappeared<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
	error: unknown,
): error is ResourceOperationError {
	if (!(error instanceof ResourceOperationError) || error.code !== "AlreadyExists") return false;
	// Where the service chooses ids, what is there now has another one.
	return (
		execution.change.memberStates.has(memberName) &&
		execution.fleetType.memberContext.resourceType.getId(
			getPreviousTarget(execution, memberName).values as Inputs,
		) !== ""
	);
}

/** State keeps what it knew of such a member, so that the next plan compares it. */
function keepReappearedMember<Inputs extends object>(
	{ memberStates, change }: PlanExecution<Inputs>,
	memberName: string,
	cause: ResourceOperationError,
): ResourceOperationError {
	const memberState = change.memberStates.get(memberName);
	if (memberState !== undefined) memberStates.set(memberName, memberState);
	return new ResourceOperationError(
		"ChangedElsewhere",
		"the plan of this run found none, and one is there now. Nothing was changed. Run the command again: the next plan compares it.",
		cause,
	);
}

async function writeMember<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
): Promise<MemberState> {
	const { fleetType, change, changed, replaced } = execution;
	const scopes = (parent: string) => requireParentScope(execution, parent);
	const resourceInputs = buildResourceInputs(fleetType, { id: memberName, change, scopes });
	if (changed.has(memberName)) {
		const target = getPreviousTarget(execution, memberName);
		const { outs } = await update(fleetType.memberContext, target.id, {
			olds: target.values,
			news: resourceInputs,
		});
		return encodeMemberWithParent(execution, memberName, { id: target.id, values: outs });
	}
	if (replaced.has(memberName)) await deletePreviousMember(execution, memberName);
	const created = await create(fleetType.memberContext, resourceInputs as Inputs);
	if (created.isAdopted) execution.adopted.push(memberName);
	return encodeMemberWithParent(execution, memberName, { id: created.id, values: created.outs });
}

function logAdoptedMembers<Inputs extends object>({ fleetType, adopted }: PlanExecution<Inputs>): void {
	if (adopted.length === 0) return;
	const names = `${formatMemberCount(fleetType, adopted.length)} (${formatNameList([...adopted].sort())})`;
	logAdoption(fleetType.memberContext, names, adopted.length === 1 ? "was" : "were");
}

/** From here on there is nothing to be kept of the member, whatever becomes of what takes its place. */
async function deletePreviousMember<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
): Promise<void> {
	const target = getPreviousTarget(execution, memberName);
	await deleteObject(execution.fleetType.memberContext, target.id, target.values);
	execution.memberStates.delete(memberName);
}

/** The member as the last deployment left it. */
function getPreviousTarget<Inputs extends object>(
	{ fleetType, change }: PlanExecution<Inputs>,
	memberName: string,
): Target {
	return decodeMember(fleetType, {
		memberName,
		memberState: change.memberStates.get(memberName),
		fleetInputs: change.fleetInputs,
	});
}

/** Nothing is sent without the scope that it needs: of a parent that failed it is known only if it was there before. */
function requireParentScope<Inputs extends object>(
	{ fleetType, memberStates, failed, plan }: PlanExecution<Inputs>,
	parent: string,
): unknown {
	const scope = createScopeLookup(
		fleetType,
		memberStates,
		failed.has(parent) ? plan.scopes : undefined,
	)(parent);
	if (!isUnknown(scope)) return scope;
	throw new Error(
		failed.has(parent)
			? `its parent ${parent} failed, so it was not tried`
			: `its parent ${parent} has no scope, so it was not tried; a parent must be able to have children`,
	);
}

async function deleteLevel<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	level: readonly string[],
): Promise<void> {
	const { fleetType, memberStates, failed, progress } = execution;
	const children = findRemainingChildren(failed.keys(), memberStates);
	const outcome = await mapConcurrently(level, fleetType.concurrency.writes, async (id) => {
		refuseToOrphan(children.get(id));
		await deletePreviousMember(execution, id);
		progress.completeOne();
	});
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

function encodeMemberWithParent<Inputs extends object>(
	{ fleetType, change }: PlanExecution<Inputs>,
	memberName: string,
	target: Target,
): MemberState {
	const parent = fleetType.getParentName(change.declaredMembers.get(memberName) ?? {});
	return {
		...encodeMember(fleetType, memberName, target),
		...(parent === undefined ? {} : { [MEMBER_KEYS.parent]: parent }),
	};
}

/** One child for each parent that still has one among the members that failed, by the id of the parent. */
export function findRemainingChildren(
	failed: Iterable<string>,
	memberStates: ReadonlyMap<string, MemberState>,
): ReadonlyMap<string, string> {
	const children = new Map<string, string>();
	for (const id of failed) {
		const parent = readParentName(memberStates.get(id));
		if (parent !== undefined) children.set(parent, id);
	}
	return children;
}

/** A parent is not removed above its children: the next run would find them without one. */
export function refuseToOrphan(child: string | undefined): void {
	if (child !== undefined) throw new Error(`its child ${child} is still there, so it was left`);
}
