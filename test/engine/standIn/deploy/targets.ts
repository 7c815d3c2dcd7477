import { Bail } from "../emitter.ts";
import { listDependencies, type ResourceState } from "../state/resourceState.ts";
import { createSameStep } from "../steps/sameStep.ts";
import type { Step } from "../steps/step.ts";
import { parseReference } from "../urn.ts";
import type { Deployment } from "./deployment.ts";
import type { Registered } from "./goal.ts";
import type { Records } from "./records.ts";

/**
 * Returns whether a resource takes part: all do without targets and exclusions. Dependents join the targets with
 * `--target-dependents`, and the excluded with `--exclude-dependents` (`isIncludedInOperation`).
 */
export function isTargeted({ options }: Deployment, records: Records, state: ResourceState): boolean {
	if (options.targets.length > 0) {
		if (options.targets.includes(state.urn)) return true;
		return options.targetDependents && listAllDependencies(state).some((urn) => records.targets.has(urn));
	}
	if (options.excludes.includes(state.urn)) return false;
	return !options.excludeDependents || !listAllDependencies(state).some((urn) => records.excludes.has(urn));
}

/**
 * Returns whether a resource is replaced whatever its provider says, because it was requested or is tainted
 * (`isTargetedReplace`).
 */
export const isForcedReplacement = (
	{ options }: Deployment,
	urn: string,
	old: ResourceState | undefined,
): boolean => options.replaceTargets.includes(urn) || old?.taint === true;

/** Reports each URN that neither state nor the program has; returns whether there was one (`checkTargets`). */
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

/** Lists every URN that a resource depends on, its provider's first. */
export const listAllDependencies = (state: ResourceState): string[] => [
	...(state.provider === "" ? [] : [parseReference(state.provider).urn]),
	...listDependencies(state),
];

/**
 * Keeps a resource that is not a target, and before it all its dependencies that the program no longer registers
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

/** Skips a declared resource that is not a target (`NewSkippedCreateStep`). */
export function skipCreate(
	deployment: Deployment,
	records: Records,
	state: ResourceState,
	done: (result: Registered) => void,
): Step[] {
	records.sames.add(state.urn);
	return [leaveOut(deployment, records, state, done)];
}

/** Skips a registration and its future dependents; its old state may still be deleted. */
export function leaveOut(
	deployment: Deployment,
	records: Records,
	state: ResourceState,
	done: (result: Registered) => void,
): Step {
	records.skippedCreates.add(state.urn);
	return createSameStep(deployment, done, { old: { ...state }, state, why: "skipped create" });
}

/** Rejects steps that depend on a skipped resource (`validateSteps`). */
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
