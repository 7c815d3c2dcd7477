import { RECORD_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { type ApplyResult, applyPlan } from "./apply.ts";
import { buildNameOutputs } from "./fleetName.ts";
import { EMPTY_PLAN, type FleetPlan, type HeldFleetType, withHolder } from "./fleetType.ts";
import type { FleetChange } from "./memberInputs.ts";
import { buildFleetOutputs, readMembersFromState } from "./memberState.ts";
import { countDeletions, refuseReplacements, splitDepartingMembers } from "./ownership.ts";
import { formatFleetPlan } from "./planReport.ts";
import { ProgressReporter } from "./progress.ts";
import { createFleetError, createPartialFailure } from "./reporting.ts";

/** A planned change of a fleet. */
export interface FleetDeployment {
	readonly id: string;
	readonly change: FleetChange;
	readonly plan: FleetPlan;
	/** The value that distinguishes the fleet's record in state from other records. */
	readonly mark: string;
}

/**
 * Applies a plan and returns the fleet's outputs.
 *
 * @throws PartialError if members failed, with the outputs for state; FleetError if state keeps no member or cannot be sent
 */
export async function deployFleet<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	{ id, change, plan, mark }: FleetDeployment,
): Promise<Record<string, unknown>> {
	const { added, changed, replaced, removed, handedOver } = plan;
	const total = [added, changed, replaced, removed, handedOver].flat().length;
	const { memberStates, failed, untried } = await applyWithCleanup(fleetType, { change, plan, total });
	const outs = {
		...buildFleetOutputs(fleetType, change.fleetInputs, memberStates),
		...buildNameOutputs(change.fleetInputs),
		[RECORD_OUTPUT]: mark,
	};
	if (failed.size === 0) return outs;
	const hasOthers = failed.size + untried.size < total;
	const note = hasOthers ? "; the others are as declared" : "";
	const error = createFleetError(fleetType, { failed, untried }, { verb: "failed", total, note });
	if (memberStates.size === 0) throw error;
	throw createPartialFailure(fleetType, { id, outs, error });
}

/**
 * Deletes all members, children before their parents. A missing member counts as deleted, so a second run can finish. Pulumi
 * calls no other method before a deletion, so the members are listed here, before the first deletion.
 *
 * @param options whether this process has already listed them
 */
export async function deleteFleet<Inputs extends object>(
	heldType: HeldFleetType<Inputs>,
	olds: Values,
	{ isAnnounced }: { isAnnounced: boolean },
): Promise<void> {
	const memberStates = readMembersFromState(heldType, olds);
	const change: FleetChange = {
		fleetInputs: olds,
		memberStates,
		declaredMembers: new Map(),
		renamed: new Map(),
	};
	const departing = splitDepartingMembers(heldType, change, {
		memberNames: [...memberStates.keys()],
		isEarly: false,
	});
	refuseReplacements(heldType, change, departing.removed);
	countDeletions(heldType, change, departing.removed);
	const total = memberStates.size;
	const plan = { ...EMPTY_PLAN, ...departing };
	const planText = formatFleetPlan(heldType, plan);
	if (planText !== undefined && !isAnnounced) heldType.memberContext.runtime.warn(planText);
	const result = await applyWithCleanup(heldType, { change, plan, total });
	if (result.failed.size > 0)
		throw createFleetError(heldType, result, { verb: "could not be deleted", total });
}

async function applyWithCleanup<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	{ change, plan, total }: { change: FleetChange; plan: FleetPlan; total: number },
): Promise<ApplyResult> {
	const { memberContext, membersProperty } = fleetType;
	const progress = new ProgressReporter(membersProperty, total, memberContext.runtime);
	const run = fleetType.beginRun?.();
	if (run === undefined) return applyPlan(fleetType, { change, plan, progress });
	const runContext = { ...run.memberContext, runtime: memberContext.runtime };
	const runType = withHolder({ ...fleetType, memberContext: runContext }, memberContext.holder);
	const result = await applyPlan(runType, { change, plan, progress });
	await run.cleanup();
	return result;
}
