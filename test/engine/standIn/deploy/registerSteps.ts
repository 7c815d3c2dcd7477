import { Bail } from "../emitter.ts";
import { makeState, type ResourceState } from "../state/resourceState.ts";
import { createStep } from "../steps/createStep.ts";
import { readStep } from "../steps/readStep.ts";
import { RefreshStep } from "../steps/refreshStep.ts";
import { replaceStep } from "../steps/replaceStep.ts";
import { createSameStep } from "../steps/sameStep.ts";
import type { Step } from "../steps/step.ts";
import { isProviderType, STACK_TYPE } from "../urn.ts";
import { claimUrn, findOld, type Known } from "./aliases.ts";
import { checkInputs } from "./checkInputs.ts";
import { decide } from "./decide.ts";
import type { Deployment } from "./deployment.ts";
import type { ContinueEvent, Goal, ReadEvent, RegisterEvent } from "./goal.ts";
import type { Records } from "./records.ts";
import {
	createUntargetedSames,
	isForcedReplacement,
	isTargeted,
	leaveOut,
	listAllDependencies,
	skipCreate,
} from "./targets.ts";

/**
 * Decides about a resource that the program registered (pkg/resource/deploy/step_generator.go, `generateSteps` to
 * `continueStepsFromImport`).
 */
export async function registerSteps(
	deployment: Deployment,
	records: Records,
	event: RegisterEvent,
	enqueue: (later: ContinueEvent) => void,
): Promise<Step[]> {
	const { goal } = event;
	const urn = claimUrn(deployment, records, goal);
	const known = findOld(deployment, records, { urn, ...goal });
	const state = stateFor(urn, goal, known);
	if (isProviderType(goal.type)) {
		for (const name of [urn, ...state.aliases]) records.providers.set(name, state);
	}
	const { old, invalid } = known;
	const registration = { event, state, old, invalid };
	if (deployment.refreshesWithProgram && old !== undefined && isTargeted(deployment, records, old)) {
		return [refreshFirst(deployment, records, { ...registration, old }, enqueue)];
	}
	return createStepsAfterRefresh(deployment, records, registration);
}

interface Registration {
	readonly event: RegisterEvent;
	readonly state: ResourceState;
	readonly old: ResourceState | undefined;
	readonly invalid: boolean;
}

function refreshFirst(
	deployment: Deployment,
	records: Records,
	registration: Registration & { readonly old: ResourceState },
	enqueue: (later: ContinueEvent) => void,
): Step {
	const { state, old } = registration;
	const { urn } = state;
	records.refreshes.add(urn);
	return new RefreshStep(deployment, old, {
		state,
		done: (found) => {
			if (found !== undefined) {
				deployment.graph.alias(found, old);
				records.refreshed.set(old, found);
			}
			const steps = (): Promise<Step[]> =>
				createStepsAfterRefresh(deployment, records, { ...registration, old: found });
			enqueue({ kind: "continue", urn, steps });
		},
		failed: (error) => enqueue({ kind: "continue", urn, steps: () => Promise.reject(error) }),
	});
}

async function createStepsAfterRefresh(
	deployment: Deployment,
	records: Records,
	registration: Registration,
): Promise<Step[]> {
	const { event, state, old, invalid } = registration;
	const { goal } = event;
	const { urn } = state;
	const withoutChange = createStepsWithoutChange(deployment, records, registration);
	if (withoutChange !== undefined) return withoutChange;
	const implicit = isProviderType(goal.type) || goal.type === STACK_TYPE;
	const targeted = implicit || isTargeted(deployment, records, state);
	const recreating = records.deletes.has(urn);
	const afresh = recreating || old?.external === true || isForcedReplacement(deployment, urn, old);
	const valid = await checkInputs(deployment, { state, goal, old, afresh, targeted });
	if (!valid || invalid) throw new Bail(`resource ${urn} is invalid`);
	return choose(deployment, records, { event, state, old, recreating, targeted });
}

/**
 * Returns the steps for a registration in a refresh or a destroy, which creates and changes only providers and
 * components; undefined if it is handled as usual (`continueStepsFromRefresh`).
 */
function createStepsWithoutChange(
	deployment: Deployment,
	records: Records,
	{ event, state, old }: Registration,
): Step[] | undefined {
	const { kind } = deployment.options;
	if (kind === "update") return undefined;
	const managed = state.custom && !isProviderType(state.type);
	const lacking = listAllDependencies(state).some((urn) => records.skippedCreates.has(urn));
	if (kind === "refresh") {
		if (!managed && !lacking) return undefined;
		if (old === undefined) return skipCreate(deployment, records, state, event.done);
		event.done({ state: old, result: "success" });
		return [];
	}
	if (lacking || (managed && old === undefined)) {
		if (old !== undefined) state.outputs = old.outputs;
		return [leaveOut(deployment, records, state, event.done)];
	}
	records.toDelete.push(state);
	if (!managed || old === undefined) return undefined;
	records.sames.add(state.urn);
	state.inputs = old.inputs;
	return [createSameStep(deployment, event.done, { old, state, why: "unchanged" })];
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
		if (!targeted) return createUntargetedSames(deployment, records, old, event.done, urn);
		return decide(deployment, records, { event, state, old });
	}
	if (!targeted) return skipCreate(deployment, records, state, event.done);
	records.creates.add(urn);
	return [createStep(deployment, event.done, state)];
}

/** Replaces a resource that was deleted for another one's replacement and is registered again. */
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

/** Returns the steps for `X.get` (pkg/resource/deploy/step_generator.go, `GenerateReadSteps`). */
export function readSteps(deployment: Deployment, records: Records, event: ReadEvent): Step[] {
	const { type, name, parent, id } = event;
	const urn = claimUrn(deployment, records, { type, name, parent });
	const { old } = findOld(deployment, records, { urn, name, type, parent, aliases: [] });
	if (id === "") throw new Error(`Expected an ID for ${urn}`);
	const state = makeState({
		urn,
		type,
		id,
		parent,
		inputs: event.properties,
		outputs: {},
		external: true,
		dependencies: event.dependencies,
		provider: event.provider,
		additionalSecretOutputs: event.additionalSecretOutputs,
		sourcePosition: event.sourcePosition,
		stackTrace: event.stackTrace,
	});
	if (old !== undefined && !old.external && old.id !== id) {
		records.replaces.add(urn);
		return [readStep(deployment, event.done, { old, state, replacing: true }), replaceStep(old, state, [])];
	}
	records.reads.add(urn);
	return [readStep(deployment, event.done, { old, state, replacing: false })];
}
