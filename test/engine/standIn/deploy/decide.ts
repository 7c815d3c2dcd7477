import type { ResourceState } from "../state/resourceState.ts";
import { createSameStep } from "../steps/sameStep.ts";
import type { Step } from "../steps/step.ts";
import { updateStep } from "../steps/updateStep.ts";
import { isProviderType } from "../urn.ts";
import { areMapsEqual, containsUnknowns, isEqual, unwrapSecrets, type Value } from "../values/value.ts";
import type { Deployment } from "./deployment.ts";
import {
	applyReplaceOnChanges,
	createPlainDiff,
	type Diff,
	diffResource,
	replaceBecause,
	requiresReplace,
} from "./diff.ts";
import type { RegisterEvent } from "./goal.ts";
import type { Records } from "./records.ts";
import { replaceSteps } from "./replaceSteps.ts";
import { isForcedReplacement } from "./targets.ts";

/** A registration of an existing resource. */
export interface Continued {
	readonly event: RegisterEvent;
	readonly state: ResourceState;
	readonly old: ResourceState;
}

/**
 * Decides between same, update and replace (pkg/resource/deploy/step_generator.go, `generateStepsFromDiff`,
 * `continueStepsFromDiff`).
 */
export async function decide(
	deployment: Deployment,
	records: Records,
	continued: Continued,
): Promise<Step[]> {
	const { event, state, old } = continued;
	const { goal } = event;
	const triggered = isTriggered(state.replacementTrigger, old.replacementTrigger);
	const plain = triggered ? createPlainDiff(true) : await computeDiff(deployment, records, continued);
	const initErrors = old.initErrors.length > 0;
	const diff = applyReplaceOnChanges(plain, goal.replaceOnChanges, initErrors);
	if (diff.changes === "some" || old.pendingReplacement) {
		if (triggered || old.pendingReplacement || requiresReplace(diff)) {
			return replaceSteps(deployment, records, continued, diff);
		}
		return update(deployment, records, continued, diff);
	}
	if (initErrors) return update(deployment, records, continued, diff);
	records.sames.add(state.urn);
	return [createSameStep(deployment, event.done, { old, state, why: "unchanged" })];
}

function update(deployment: Deployment, records: Records, continued: Continued, diff: Diff): Step[] {
	const { event, state, old } = continued;
	records.updates.add(state.urn);
	return [updateStep(deployment, event.done, { old, state, detailedDiff: diff.detailedDiff })];
}

async function computeDiff(
	deployment: Deployment,
	records: Records,
	{ event, state, old }: Continued,
): Promise<Diff> {
	if (isForcedReplacement(deployment, state.urn, old)) return replaceBecause("id");
	if (state.replaceWith.some((urn) => records.replaces.has(urn))) return replaceBecause("replaceWith");
	if (records.replaces.has(state.deletedWith)) return replaceBecause("deletedWith");
	if (old.provider !== state.provider && (old.provider === "" || state.provider === "")) {
		return replaceBecause("provider");
	}
	if (!state.custom) return createPlainDiff(!areMapsEqual(old.inputs, state.inputs));
	if (isProviderType(state.type)) {
		const { __internal: _, ...news } = state.inputs;
		return createPlainDiff(!areMapsEqual(old.outputs ?? {}, news));
	}
	const provider = await deployment.provider(state.provider);
	const recorded = { urn: state.urn, id: old.id, inputs: old.inputs, outputs: old.outputs ?? {} };
	const { dryRun } = deployment.options;
	return diffResource(provider, recorded, state.inputs, dryRun, event.goal.ignoreChanges);
}

/** `shouldTriggerReplace`: null means no trigger, and an unknown one counts as changed. */
function isTriggered(fresh: Value, old: Value): boolean {
	if (containsUnknowns(fresh) || containsUnknowns(old)) return true;
	if (fresh === null || old === null) return false;
	return !isEqual(unwrapSecrets(fresh), unwrapSecrets(old));
}
