import { Bail } from "../emitter.ts";
import { makeState, type ResourceState } from "../state/resourceState.ts";
import { createStep } from "../steps/createStep.ts";
import { replaceStep } from "../steps/replaceStep.ts";
import type { Step } from "../steps/step.ts";
import { isProviderType, STACK_TYPE } from "../urn.ts";
import { findOld, type Known } from "./aliases.ts";
import { checkInputs } from "./checkInputs.ts";
import { claimUrn } from "./claimUrn.ts";
import { decide } from "./decide.ts";
import type { Deployment } from "./deployment.ts";
import type { Goal, RegisterEvent } from "./goal.ts";
import type { Records } from "./records.ts";
import { isForcedReplacement, isTargeted, skipCreate, untargetedSames } from "./targets.ts";

/**
 * Decides what becomes of a resource that the program registered
 * (pkg/resource/deploy/step_generator.go, `generateSteps` to `continueStepsFromImport`).
 */
export async function registerSteps(
	deployment: Deployment,
	records: Records,
	event: RegisterEvent,
): Promise<Step[]> {
	const { goal } = event;
	const urn = claimUrn(deployment, records, goal);
	const known = findOld(deployment, records, { urn, ...goal });
	const state = stateFor(urn, goal, known);
	if (isProviderType(goal.type)) {
		for (const name of [urn, ...state.aliases]) records.providers.set(name, state);
	}
	const implicit = isProviderType(goal.type) || goal.type === STACK_TYPE;
	const targeted = implicit || isTargeted(deployment, records, state);
	const recreating = records.deletes.has(urn);
	const { old } = known;
	const afresh = recreating || old?.external === true || isForcedReplacement(deployment, urn, old);
	const valid = await checkInputs(deployment, { state, goal, old, afresh, targeted });
	if (!valid || known.invalid) throw new Bail(`resource ${urn} is invalid`);
	return choose(deployment, records, { event, state, old, recreating, targeted });
}

interface Choice {
	readonly event: RegisterEvent;
	readonly state: ResourceState;
	readonly old: ResourceState | undefined;
	readonly recreating: boolean;
	readonly targeted: boolean;
}

async function choose(deployment: Deployment, records: Records, choice: Choice): Promise<Step[]> {
	const { event, state, old, recreating, targeted } = choice;
	const { urn } = state;
	if (recreating && old !== undefined) return recreate(deployment, records, event, old, state);
	if (old?.external === true) {
		records.creates.add(urn);
		const replacing = { old, keys: [], pendingDelete: true };
		return [createStep(deployment, event.done, state, replacing), replaceStep(old, state, [])];
	}
	(isTargeted(deployment, records, state) ? records.targets : records.excludes).add(urn);
	if (old !== undefined) {
		if (!targeted) return untargetedSames(deployment, records, old, event.done, urn);
		return decide(deployment, records, { event, state, old });
	}
	if (!targeted) return skipCreate(deployment, records, state, event.done);
	records.creates.add(urn);
	return [createStep(deployment, event.done, state)];
}

/** A resource that was deleted to let another be replaced turns up again: it is a replacement, then. */
export function recreate(
	deployment: Deployment,
	records: Records,
	event: RegisterEvent,
	old: ResourceState,
	state: ResourceState,
): Step[] {
	records.deletes.delete(state.urn);
	records.replaces.add(state.urn);
	const keys = records.dependentKeys.get(state.urn) ?? [];
	return [
		replaceStep(old, state, []),
		createStep(deployment, event.done, state, { old, keys, pendingDelete: false }),
	];
}

const stateFor = (urn: string, goal: Goal, { old, alias }: Known): ResourceState =>
	makeState({
		urn,
		type: goal.type,
		custom: goal.custom,
		inputs: goal.properties,
		parent: goal.parent,
		protect: goal.protect ?? false,
		dependencies: goal.dependencies,
		provider: goal.provider,
		propertyDependencies: goal.propertyDependencies,
		additionalSecretOutputs: goal.additionalSecretOutputs,
		aliases: alias === undefined ? [] : [alias],
		customTimeouts: goal.customTimeouts,
		retainOnDelete: goal.retainOnDelete ?? false,
		deletedWith: goal.deletedWith,
		replaceWith: goal.replaceWith,
		replacementTrigger: goal.replacementTrigger,
		created: old?.created,
		modified: old?.modified,
		sourcePosition: goal.sourcePosition,
		stackTrace: goal.stackTrace,
		ignoreChanges: goal.ignoreChanges,
		hideDiff: goal.hideDiff,
		replaceOnChanges: goal.replaceOnChanges,
	});
