import { Bail } from "../emitter.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { createStep } from "../steps/createStep.ts";
import { deleteStep, quote } from "../steps/deleteStep.ts";
import { replaceStep } from "../steps/replaceStep.ts";
import type { Step } from "../steps/step.ts";
import { checkInputs } from "./checkInputs.ts";
import type { Continued } from "./decide.ts";
import { listDependentReplacements } from "./dependentReplacements.ts";
import type { Deployment } from "./deployment.ts";
import type { Diff } from "./diff.ts";
import type { Records } from "./records.ts";
import { isForcedReplacement } from "./targets.ts";

/**
 * Replaces a resource: creates the new one first and leaves the old one for the end, or deletes first, together with
 * everything that must be replaced after it (pkg/resource/deploy/step_generator.go, `continueStepsFromDiff`).
 */
export async function replaceSteps(
	deployment: Deployment,
	records: Records,
	{ event, state, old }: Continued,
	diff: Diff,
): Promise<Step[]> {
	refuseProtected(deployment, records, state, old);
	records.replaces.add(state.urn);
	if (!isForcedReplacement(deployment, state.urn, old)) {
		const { goal } = event;
		const valid = await checkInputs(deployment, {
			state,
			goal,
			old: undefined,
			afresh: true,
			targeted: true,
		});
		if (!valid) throw new Bail(`resource ${state.urn} has check errors`);
	}
	const { replaceKeys: keys, detailedDiff } = diff;
	const deleteFirst = event.goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
	const replace = replaceStep(old, state, keys, detailedDiff);
	const create = createStep(deployment, event.done, state, {
		old,
		keys,
		detailedDiff,
		pendingDelete: !deleteFirst,
	});
	if (!deleteFirst) return [create, replace];
	const dependents = await deleteDependents(deployment, records, state.urn, old);
	await deployment.ensureProvider(old.provider);
	return [...dependents, ...deleteOld(deployment, records, old), replace, create];
}

function deleteOld(deployment: Deployment, records: Records, old: ResourceState): Step[] {
	if (old.pendingReplacement) return [];
	records.deletes.add(old.urn);
	records.deleting.add(old);
	return [deleteStep(deployment, records.deletes, old, "before replacement")];
}

async function deleteDependents(
	deployment: Deployment,
	records: Records,
	urn: string,
	old: ResourceState,
): Promise<Step[]> {
	const steps: Step[] = [];
	for (const { state, keys } of (await listDependentReplacements(deployment, records, urn, old)).reverse()) {
		if (records.deleting.has(state)) continue;
		records.dependentKeys.set(state.urn, keys);
		if (state.protect && !state.delete) refuseDependent(deployment, records, urn, state);
		const why = state.delete ? "unwanted" : "before replacement";
		steps.push(deleteStep(deployment, records.deletes, state, why));
		records.deletes.add(state.urn);
		records.deleting.add(state);
	}
	return steps;
}

function refuseProtected(
	{ emitter, options }: Deployment,
	records: Records,
	state: ResourceState,
	old: ResourceState,
): void {
	if (!state.protect || !old.protect) return;
	const message =
		`unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the ` +
		"resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
	emitter.emitError(message, state.urn);
	records.sawError = true;
	if (!options.dryRun) throw new Bail(message);
}

function refuseDependent(
	{ emitter }: Deployment,
	records: Records,
	urn: string,
	state: ResourceState,
): never {
	const message =
		`unable to replace resource "${state.urn}" as part of replacing "${urn}" as it is currently marked for ` +
		"protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program " +
		`and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect ${quote(state.urn)}\``;
	emitter.emitError(message, urn);
	records.sawError = true;
	throw new Bail(message);
}
