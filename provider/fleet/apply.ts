import { create } from "../resource/create.ts";
import { logAdoption } from "../resource/createConflict.ts";
import { deleteObject } from "../resource/delete.ts";
import { PartialError, ResourceOperationError } from "../resource/errors.ts";
import type { Target } from "../resource/resourceType.ts";
import { update } from "../resource/update.ts";
import { RepeatedFault } from "../sharedFault.ts";
import { isUnknown } from "../values.ts";
import { mapConcurrently, SharedFaultStop } from "./concurrency.ts";
import { createInterruptedReplacementError, type MemberFailures, trackProgress } from "./failures.ts";
import { type FleetPlan, type FleetType, getMemberContext } from "./fleetType.ts";
import { groupByLevel } from "./hierarchy.ts";
import {
	buildResourceInputs,
	createScopeLookup,
	type FleetChange,
	getDeclaredParentName,
} from "./memberInputs.ts";
import { decodeMember, encodeMember, type MemberState, readParentName } from "./memberState.ts";
import { formatMemberNames, groupNamesByNote } from "./planReport.ts";
import type { ProgressReporter } from "./progress.ts";
import { findRemainingChildren, refuseToOrphan } from "./remainingChildren.ts";
import { formatMemberCount, withBufferedMemberMessages } from "./reporting.ts";

/** The result of applying a plan: the state of the members, and those that failed. */
export interface ApplyResult extends MemberFailures {
	readonly memberStates: ReadonlyMap<string, MemberState>;
}

/** A plan that is being applied. */
interface PlanExecution<Inputs extends object> {
	readonly fleetType: FleetType<Inputs>;
	readonly change: FleetChange;
	readonly plan: FleetPlan;
	readonly changed: ReadonlySet<string>;
	readonly replaced: ReadonlySet<string>;
	readonly memberStates: Map<string, MemberState>;
	readonly failed: Map<string, Error>;
	readonly untried: Set<string>;
	readonly stop: SharedFaultStop;
	readonly progress: ProgressReporter;
	/** Members that already existed and were adopted because the fleet has `adopt`, each with what else its adoption did. */
	readonly adopted: Map<string, readonly string[]>;
}

/**
 * Applies a plan as far as possible: writes parents before their children, then deletes members that are no longer declared,
 * children before their parents. A failed member does not stop the others, except after a shared fault: if the service is full, no
 * further member is created; if it cannot be reached or refuses the credential, no further member is processed.
 */
export async function applyPlan<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ change, plan, progress }: { change: FleetChange; plan: FleetPlan; progress: ProgressReporter },
): Promise<ApplyResult> {
	const memberStates = new Map(change.memberStates);
	// A member that is missing in the service leaves state unless it can be created again.
	for (const memberName of plan.added) memberStates.delete(memberName);
	return withBufferedMemberMessages(fleetType, async (bufferedType) => {
		const execution: PlanExecution<Inputs> = {
			fleetType: bufferedType,
			change,
			plan,
			changed: new Set(plan.changed),
			replaced: new Set(plan.replaced),
			memberStates,
			failed: new Map(),
			untried: new Set(),
			stop: new SharedFaultStop(),
			progress,
			adopted: new Map(),
		};
		const written = [...plan.added, ...plan.changed, ...plan.replaced];
		const getParentName = (memberName: string): string | undefined =>
			getDeclaredParentName(fleetType, change.declaredMembers, memberName);
		for (const level of groupByLevel(written, getParentName)) await writeLevel(execution, level);
		const leaving = [...plan.removed, ...plan.handedOver];
		const getPreviousParentName = (memberName: string): string | undefined =>
			readParentName(change.memberStates.get(memberName));
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
	const { fleetType, change, changed, replaced, memberStates, progress, stop } = execution;
	// A replacement deletes an object first, so it needs no additional room.
	const isCreation = (memberName: string): boolean => !changed.has(memberName) && !replaced.has(memberName);
	const write = async (memberName: string): Promise<MemberState> => {
		try {
			return await trackProgress(progress, () => writeMember(execution, memberName));
		} catch (error) {
			if (error instanceof PartialError) {
				const target = { id: error.id, values: error.properties };
				memberStates.set(memberName, encodeWrittenMember(execution, memberName, target));
			}
			if (!hasReappeared(execution, memberName, error)) throw error;
			// State keeps what it had of the member, so that the next plan compares it.
			const previousState = change.memberStates.get(memberName);
			if (previousState !== undefined) memberStates.set(memberName, previousState);
			throw new ResourceOperationError(
				"ChangedElsewhere",
				"the plan of this run found none, but one exists now. Nothing was changed. Run the command again: the next plan compares it.",
				error,
			);
		}
	};
	const outcome = await mapConcurrently(level, fleetType.concurrency.writes, write, { stop, isCreation });
	for (const [memberName, memberState] of outcome.done) memberStates.set(memberName, memberState);
	recordFailures(execution, outcome);
}

function recordFailures<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	{ failed, untried }: MemberFailures,
): void {
	for (const [memberName, error] of failed) execution.failed.set(memberName, error);
	for (const memberName of untried) execution.untried.add(memberName);
}

/** Whether the error shows that a member exists although the plan found it missing. */
function hasReappeared<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
	error: unknown,
): error is ResourceOperationError {
	if (!(error instanceof ResourceOperationError) || error.code !== "AlreadyExists") return false;
	if (!execution.change.memberStates.has(memberName)) return false;
	// Where the service chooses ids, the object that exists now has another id.
	const { resourceType } = execution.fleetType.memberContext;
	return resourceType.getId(getPreviousTarget(execution, memberName).values as Inputs) !== "";
}

async function writeMember<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
): Promise<MemberState> {
	const { fleetType, change, changed, replaced } = execution;
	const resourceInputs = buildResourceInputs(fleetType, {
		memberName,
		fleet: change,
		getParentScope: (parentName) => requireParentScope(execution, parentName),
	});
	const memberContext = getMemberContext(fleetType, memberName, resourceInputs);
	if (changed.has(memberName)) {
		const { id, values } = getPreviousTarget(execution, memberName);
		const { outs } = await update(memberContext, id, { olds: values, news: resourceInputs });
		return encodeWrittenMember(execution, memberName, { id, values: outs });
	}
	const isReplaced = replaced.has(memberName);
	if (isReplaced) await deletePreviousMember(execution, memberName);
	const created = await create(memberContext, resourceInputs as Inputs).catch((error: unknown) => {
		throw isReplaced && error instanceof RepeatedFault ? createInterruptedReplacementError(error) : error;
	});
	if (created.isAdopted) execution.adopted.set(memberName, created.notes);
	return encodeWrittenMember(execution, memberName, { id: created.id, values: created.outs });
}

function logAdoptedMembers<Inputs extends object>({ fleetType, adopted }: PlanExecution<Inputs>): void {
	if (adopted.size === 0) return;
	const names = `${formatMemberCount(fleetType, adopted.size)} (${formatMemberNames([...adopted.keys()])})`;
	const entries = [...adopted].flatMap(([name, notes]) => notes.map((note) => [name, note] as const));
	const notes = [...groupNamesByNote(entries)].map(
		([note, noted]) => `${noted.length} of them ${note} (${formatMemberNames(noted)})`,
	);
	logAdoption(fleetType.memberContext, names, { verb: adopted.size === 1 ? "was" : "were", notes });
}

/** Deletes the object of a member and removes the member from state, which must not keep it even if its replacement fails. */
async function deletePreviousMember<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	memberName: string,
): Promise<void> {
	const { id, values } = getPreviousTarget(execution, memberName);
	await deleteObject(getMemberContext(execution.fleetType, memberName, values), id, values);
	execution.memberStates.delete(memberName);
}

/** Returns the member as the last deployment left it. */
function getPreviousTarget<Inputs extends object>(
	{ fleetType, change }: PlanExecution<Inputs>,
	memberName: string,
): Target {
	return decodeMember(fleetType, change, memberName);
}

/**
 * Returns the scope of a parent. The scope of a parent that failed is known only if it existed before.
 *
 * @throws Error if the scope is unknown: the child must not be created without it
 */
function requireParentScope<Inputs extends object>(
	{ fleetType, memberStates, failed, untried, plan }: PlanExecution<Inputs>,
	parentName: string,
): unknown {
	const isUnwritten = failed.has(parentName) || untried.has(parentName);
	const changedScopes = isUnwritten ? plan.changedScopes : undefined;
	const scope = createScopeLookup(fleetType, memberStates, changedScopes)(parentName);
	if (!isUnknown(scope)) return scope;
	throw new Error(
		isUnwritten
			? `its parent ${parentName} failed, so it was not tried`
			: `its parent ${parentName} has no scope, so it was not tried; a parent must be able to have children`,
	);
}

async function deleteLevel<Inputs extends object>(
	execution: PlanExecution<Inputs>,
	level: readonly string[],
): Promise<void> {
	const { fleetType, memberStates, failed, untried, progress, stop } = execution;
	const children = findRemainingChildren([...failed.keys(), ...untried], memberStates);
	const remove = async (memberName: string): Promise<void> => {
		await trackProgress(progress, async () => {
			refuseToOrphan(children.get(memberName));
			await deletePreviousMember(execution, memberName);
		});
	};
	recordFailures(execution, await mapConcurrently(level, fleetType.concurrency.writes, remove, { stop }));
}

function encodeWrittenMember<Inputs extends object>(
	{ fleetType, change }: PlanExecution<Inputs>,
	memberName: string,
	target: Target,
): MemberState {
	const parentName = getDeclaredParentName(fleetType, change.declaredMembers, memberName);
	return encodeMember(fleetType, { memberName, parentName }, target);
}
