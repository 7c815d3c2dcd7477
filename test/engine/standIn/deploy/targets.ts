import { Bail } from "../emitter.ts";
import { listDependencies, type ResourceState } from "../state/resourceState.ts";
import { createSameStep } from "../steps/sameStep.ts";
import type { Step } from "../steps/step.ts";
import { parseReference } from "../urn.ts";
import type { Deployment } from "./deployment.ts";
import type { Registered } from "./goal.ts";
import type { Records } from "./records.ts";

/**
 * True when a resource takes part: everything does unless there are targets or exclusions. Dependents join the targets
 * under `--target-dependents`, and the excluded under `--exclude-dependents` (`isIncludedInOperation`).
 */
export function isTargeted({ options }: Deployment, records: Records, state: ResourceState): boolean {
	if (options.targets.length > 0) {
		if (options.targets.includes(state.urn)) return true;
		return options.targetDependents && listAllDependencies(state).some((urn) => records.targets.has(urn));
	}
	if (options.excludes.includes(state.urn)) return false;
	return !options.excludeDependents || !listAllDependencies(state).some((urn) => records.excludes.has(urn));
}

/** True when a resource is replaced whatever its provider says: it was asked for, or is tainted (`isTargetedReplace`). */
export const isForcedReplacement = (
	{ options }: Deployment,
	urn: string,
	old: ResourceState | undefined,
): boolean => options.replaceTargets.includes(urn) || old?.taint === true;

/** Tells of each of the URNs that neither state nor the program knows; answers whether there was one (`checkTargets`). */
export function reportUnknownTargets(
	{ base, emitter }: Deployment,
	urns: readonly string[],
	registered: ReadonlySet<string>,
): boolean {
	const known = new Set([...base.resources.map(({ urn }) => urn), ...registered]);
	const unknown = urns.filter((urn) => !known.has(urn));
	for (const urn of unknown) {
		const hint = urn.includes("$") ? "" : " Did you forget to escape $ in your shell?";
		emitter.emitError(`Target '${urn}' could not be found in the stack.${hint}`);
	}
	return unknown.length > 0;
}

/** Every URN that a resource leans on, its provider's first. */
export const listAllDependencies = (state: ResourceState): string[] => [
	...(state.provider === "" ? [] : [parseReference(state.provider).urn]),
	...listDependencies(state),
];

/**
 * Keeps a resource that is no target, and before it everything that it leans on which the program no longer registers
 * (pkg/resource/deploy/step_generator.go, `getDependencySteps`).
 */
export function createUntargetedSames(
	deployment: Deployment,
	records: Records,
	old: ResourceState,
	done: ((result: Registered) => void) | undefined,
	urn = old.urn,
): Step[] {
	if (old.delete) return [];
	for (const set of [records.urns, records.sames]) set.add(old.urn);
	records.sames.add(urn);
	const before = listAllDependencies(old).flatMap((dependency) => {
		if (records.hasStep(dependency) || records.isOperatedOn(dependency)) return [];
		const state = deployment.olds.get(dependency);
		return state === undefined ? [] : createUntargetedSames(deployment, records, state, undefined);
	});
	const state = { ...old, id: "" };
	return [...before, createSameStep(deployment, done, { old, state, why: "untargeted" })];
}

/** Leaves out a resource that is wanted but no target (`NewSkippedCreateStep`). */
export function skipCreate(
	deployment: Deployment,
	records: Records,
	state: ResourceState,
	done: (result: Registered) => void,
): Step[] {
	records.sames.add(state.urn);
	return [leaveOut(deployment, records, state, done)];
}

/** Leaves out a registration, and with it what will lean on it; what state has of it may still be deleted. */
export function leaveOut(
	deployment: Deployment,
	records: Records,
	state: ResourceState,
	done: (result: Registered) => void,
): Step {
	records.skippedCreates.add(state.urn);
	return createSameStep(deployment, done, { old: { ...state }, state, why: "skipped create" });
}

/** Refuses steps that lean on a resource which was left out (`validateSteps`). */
export function refuseSkipped(
	{ emitter, options }: Deployment,
	records: Records,
	steps: readonly Step[],
): void {
	if (options.targets.length === 0 && options.replaceTargets.length === 0) return;
	for (const step of steps) {
		if (step.new === undefined || step.skippedCreate === true) continue;
		for (const urn of listAllDependencies(step.new).filter((name) => records.skippedCreates.has(name))) {
			emitter.emitError(
				`Resource '${step.urn}' depends on '${urn}' which was was not specified in --target list.`,
				step.urn,
			);
			records.sawError = true;
			if (!options.dryRun) throw new Bail("untargeted create");
			records.skippedCreates.delete(urn);
		}
	}
}
