import { Bail } from "../emitter.ts";
import { Graph } from "../state/graph.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { deleteStep } from "../steps/deleteStep.ts";
import { removePendingReplaceStep } from "../steps/replaceStep.ts";
import { createSameStep } from "../steps/sameStep.ts";
import type { Step } from "../steps/step.ts";
import { listDependentReplacements } from "./dependentReplacements.ts";
import type { Deployment } from "./deployment.ts";
import type { Executor } from "./executor.ts";
import type { Records } from "./records.ts";

/**
 * Deletes at the end of an operation what the program no longer declares and what was replaced: each resource only
 * after all its dependents (pkg/resource/deploy/deployment_executor.go, `performPostSteps`).
 */
export async function performDeletes(
	deployment: Deployment,
	records: Records,
	executor: Executor,
): Promise<void> {
	const { base } = deployment;
	if (base.resources.length === 0) return;
	const graph = createSchedulingGraph(deployment, records);
	const allowed = await filterAllowedDeletes(deployment, records, graph);
	const kept = base.resources.filter(({ urn }) => allowed?.has(urn) === false && !records.isOperatedOn(urn));
	const deletes = await deleteSteps(deployment, records, allowed);
	refuseUntargeted(deployment, records, deletes);
	const sames = kept.map((old) =>
		createSameStep(deployment, undefined, { old, state: { ...old, id: "" }, why: "untargeted" }),
	);
	if (sames.length > 0) await (await executor.submit(sames)).ended;
	const graphs = [deployment.graph, new Graph(records.toDelete)];
	const spared = new Set<ResourceState>();
	for (const wave of splitIntoWaves(graph, deletes)) {
		for (const { old, new: fresh } of executor.errored) keepDependencies(graphs, spared, old, fresh);
		await executor.runAll(wave.filter(({ old }) => old === undefined || !spared.has(old)));
	}
}

/** Returns the dependencies among the resources to delete and the old ones (`getDepgraphForScheduling`). */
function createSchedulingGraph({ base }: Deployment, { refreshed, toDelete }: Records): Graph {
	const graph = new Graph([...toDelete, ...base.resources]);
	for (const [old, fresh] of refreshed) graph.alias(fresh, old);
	return graph;
}

function keepDependencies(
	graphs: readonly Graph[],
	spared: Set<ResourceState>,
	...failed: readonly (ResourceState | undefined)[]
): void {
	for (const state of failed) {
		if (state === undefined) continue;
		const graph = graphs.find((candidate) => candidate.contains(state));
		for (const dependency of graph?.listTransitiveDependencies(state) ?? []) spared.add(dependency);
	}
}

async function deleteSteps(
	deployment: Deployment,
	records: Records,
	allowed: ReadonlySet<string> | undefined,
): Promise<Step[]> {
	const steps: Step[] = [];
	for (const known of deployment.base.resources) {
		if (allowed?.has(known.urn) === false) continue;
		const state = records.refreshed.get(known) ?? known;
		const step = deleteStepFor(deployment, records, state);
		if (step === undefined) continue;
		steps.push(step);
		await deployment.ensureProvider(state.provider);
	}
	for (const state of records.toDelete) {
		if (allowed?.has(state.urn) === false) continue;
		records.deletes.add(state.urn);
		steps.push(deleteStep(deployment, records.deletes, state, "unwanted"));
	}
	return steps;
}

function deleteStepFor(deployment: Deployment, records: Records, state: ResourceState): Step | undefined {
	if (state.delete) {
		if (records.deleting.has(state)) return undefined;
		records.deletes.add(state.urn);
		return deleteStep(deployment, records.deletes, state, "replaced");
	}
	if (records.isOperatedOn(state.urn)) return undefined;
	records.deletes.add(state.urn);
	if (state.pendingReplacement) return removePendingReplaceStep(state);
	return deleteStep(deployment, records.deletes, state, "unwanted");
}

/**
 * Returns what may be deleted: with `--target` the targets and all their dependents, with `--exclude` everything except
 * the excluded and their dependencies; undefined means everything.
 */
async function filterAllowedDeletes(
	deployment: Deployment,
	records: Records,
	graph: Graph,
): Promise<ReadonlySet<string> | undefined> {
	const { base, options } = deployment;
	if (options.targets.length === 0) {
		return options.excludes.length === 0 ? undefined : listUnexcluded(deployment, graph);
	}
	const allowed = new Set<string>();
	for (const root of base.resources.filter(({ urn }) => options.targets.includes(urn))) {
		for (const state of [root, ...graph.listDependents(root, new Set(), true)]) {
			allowed.add(state.urn);
			for (const dependent of await listDependentReplacements(deployment, records, state.urn, state)) {
				allowed.add(dependent.state.urn);
			}
		}
	}
	return allowed;
}

/**
 * Returns everything except the excluded resources, their dependencies and, if requested, their dependents
 * (`getExcludeDependencies`).
 */
function listUnexcluded({ base, options, olds }: Deployment, graph: Graph): ReadonlySet<string> {
	const kept = new Set<string>();
	const left = base.resources.filter(({ urn }) => options.excludes.includes(urn));
	for (let next = left.shift(); next !== undefined; next = left.shift()) {
		if (kept.has(next.urn)) continue;
		kept.add(next.urn);
		left.push(...graph.listDependencies(next));
		if (options.excludeDependents) left.push(...graph.listDependents(next, kept, true));
	}
	const urns = base.resources.map(({ urn }) => urn);
	return new Set(urns.filter((urn) => !kept.has(urn) || !olds.has(urn)));
}

function refuseUntargeted({ emitter, options }: Deployment, records: Records, steps: readonly Step[]): void {
	if (options.targets.length === 0 || options.targetDependents) return;
	const unasked = steps.filter(({ urn }) => !options.targets.includes(urn));
	for (const { urn } of unasked) {
		emitter.emitError(
			`Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
				"Either include resource in --target list or pass --target-dependents to proceed.",
			urn,
		);
		records.sawError = true;
	}
	if (unasked.length > 0 && !options.dryRun) throw new Bail("delete untargeted resource");
}

/** Groups steps that may run in parallel, dependents first (`ScheduleDeletes`). */
function splitIntoWaves(graph: Graph, steps: readonly Step[]): Step[][] {
	const left = new Map(steps.flatMap((step) => (step.old === undefined ? [] : [[step.old, step] as const])));
	const leansOn = new Map([...left.keys()].map((state) => [state, [...graph.listDependencies(state)]]));
	const result: Step[][] = [];
	while (left.size > 0) {
		const free = [...left.keys()].filter((state) => !leansOn.get(state)?.some((other) => left.has(other)));
		result.push(free.flatMap((state) => left.get(state) ?? []));
		for (const state of free) left.delete(state);
	}
	return result.reverse();
}
