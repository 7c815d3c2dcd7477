import { listDependencies, type ResourceState } from "../state/resourceState.ts";
import { RefreshStep } from "../steps/refreshStep.ts";
import type { Deployment, DeployOptions } from "./deployment.ts";
import { Executor } from "./executor.ts";
import type { Records } from "./records.ts";

/**
 * Reads every resource and replaces the old states by the result; returns whether every read succeeded
 * (pkg/resource/deploy/deployment_executor.go, `refresh`).
 */
export async function refresh(deployment: Deployment, stop: AbortController): Promise<boolean> {
	const { base } = deployment;
	if (base.resources.length === 0) return true;
	const steps = new Map<ResourceState, RefreshStep>();
	for (const state of listTargets(deployment)) {
		await deployment.ensureProvider(state.provider);
		steps.set(state, new RefreshStep(deployment, state));
	}
	const executor = new Executor(deployment, stop, true);
	await executor.runAll([...steps.values()]);
	deployment.rebase(rebuild(base.resources, steps));
	return !executor.failed;
}

/**
 * Reads at the end of a refresh with the program what the program did not register
 * (pkg/resource/deploy/step_generator.go, `GenerateRefreshes`).
 */
export async function refreshUnregistered(
	deployment: Deployment,
	records: Records,
	executor: Executor,
): Promise<void> {
	const { base } = deployment;
	const steps = new Map<ResourceState, RefreshStep>();
	for (const state of listUnregistered(deployment, records)) {
		steps.set(state, new RefreshStep(deployment, state));
		records.refreshes.add(state.urn);
		await deployment.ensureProvider(state.provider);
	}
	await executor.runAll([...steps.values()]);
	deployment.rebase(rebuild(base.resources, steps));
}

/** Lists unregistered resources. The engine includes the dependencies of the named ones, although it has already passed those. */
function* listUnregistered({ base, options }: Deployment, records: Records): Generator<ResourceState> {
	const excluding = options.excludes.length > 0;
	const named = new Set(excluding ? options.excludes : options.targets);
	const joins = excluding ? options.excludeDependents : options.targetDependents;
	for (const state of base.resources) {
		if (records.isOperatedOn(state.urn)) continue;
		const isNamed = named.has(state.urn);
		if (isNamed && joins) for (const urn of listDependencies(state)) named.add(urn);
		if (named.size === 0 || isNamed !== excluding) yield state;
	}
}

function listTargets({ base, options }: Deployment): ResourceState[] {
	if (options.excludes.length > 0) return omitExcluded(base.resources, options);
	const targets = new Set(options.targets);
	return base.resources.filter((state) => {
		if (targets.size === 0 || targets.has(state.urn)) return true;
		if (!options.targetDependents || !listDependencies(state).some((urn) => targets.has(urn))) return false;
		targets.add(state.urn);
		return true;
	});
}

function omitExcluded(
	resources: readonly ResourceState[],
	{ excludes, excludeDependents }: DeployOptions,
): ResourceState[] {
	const excluded = new Set(excludes);
	return resources.filter((state) => {
		if (excluded.has(state.urn)) return false;
		if (!excludeDependents || !listDependencies(state).some((urn) => excluded.has(urn))) return true;
		excluded.add(state.urn);
		return false;
	});
}

/** Returns the list without deleted resources and their dependents (`rebuildBaseState`). */
function rebuild(
	resources: readonly ResourceState[],
	steps: ReadonlyMap<ResourceState, RefreshStep>,
): ResourceState[] {
	const result: ResourceState[] = [];
	const there = new Set<string>();
	for (const old of resources) {
		const step = steps.get(old);
		const state = step === undefined ? old : step.new;
		if (state === undefined) continue;
		keepPresent(state, there);
		if (!there.has(state.parent)) state.parent = "";
		there.add(state.urn);
		result.push(state);
	}
	return result;
}

function keepPresent(state: ResourceState, there: ReadonlySet<string>): void {
	const present = (urns: readonly string[]): readonly string[] => urns.filter((urn) => there.has(urn));
	state.dependencies = present(state.dependencies);
	state.replaceWith = present(state.replaceWith);
	if (!there.has(state.deletedWith)) state.deletedWith = "";
	const byProperty = Object.entries(state.propertyDependencies ?? {})
		.map(([name, urns]) => [name, present(urns)] as const)
		.filter(([, urns]) => urns.length > 0);
	if (state.propertyDependencies !== undefined && Object.keys(state.propertyDependencies).length > 0) {
		state.propertyDependencies = Object.fromEntries(byProperty);
	}
}
