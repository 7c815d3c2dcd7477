import { parseReference } from "../urn.ts";
import { listDependencies, type ResourceState } from "./resourceState.ts";

const listProviderUrn = (state: ResourceState): string[] =>
	state.provider === "" ? [] : [parseReference(state.provider).urn];

/**
 * The dependencies among the resources of a state, which are sorted so that dependencies come first
 * (pkg/resource/graph/dependency_graph.go, `DependencyGraph`).
 */
export class Graph {
	readonly #resources: readonly ResourceState[];
	readonly #index = new Map<ResourceState, number>();
	readonly #byUrn = new Map<string, number[]>();
	readonly #childrenOf = new Map<string, number[]>();

	constructor(resources: readonly ResourceState[]) {
		this.#resources = resources;
		for (const [index, state] of resources.entries()) {
			this.#index.set(state, index);
			push(this.#byUrn, state.urn, index);
			for (let { parent } = state; parent !== ""; parent = this.#latest(parent)?.parent ?? "") {
				push(this.#childrenOf, parent, index);
			}
		}
	}

	/** Lets a state from a refresh take the place of the one that it came from. */
	alias(fresh: ResourceState, known: ResourceState): void {
		const index = this.#index.get(known);
		if (index !== undefined) this.#index.set(fresh, index);
	}

	/** Returns whether this very object is part of the graph. */
	contains(state: ResourceState): boolean {
		return this.#index.has(state);
	}

	/** Lists all dependents of the resource, direct and indirect, in state order. */
	listDependents(root: ResourceState, ignored: ReadonlySet<string>, withChildren: boolean): ResourceState[] {
		const dependents: ResourceState[] = [];
		const urns = new Set([root.urn]);
		for (const state of this.#resources.slice((this.#index.get(root) ?? Number.POSITIVE_INFINITY) + 1)) {
			const leansOn = [...listDependencies(state, false), ...listProviderUrn(state)];
			const parents = withChildren ? [state.parent] : [];
			if (ignored.has(state.urn) || ![...leansOn, ...parents].some((urn) => urns.has(urn))) continue;
			dependents.push(state);
			urns.add(state.urn);
		}
		return dependents;
	}

	/** Lists the direct dependencies of the resource: a component counts with all its children. */
	listDependencies(state: ResourceState): Set<ResourceState> {
		const found = new Set<ResourceState>();
		const cursor = this.#index.get(state) ?? 0;
		for (const urn of [...listDependencies(state, false), ...listProviderUrn(state)]) {
			for (const dependency of this.#before(this.#byUrn.get(urn), cursor)) {
				found.add(dependency);
				if (dependency.custom) continue;
				for (const child of this.#before(this.#childrenOf.get(urn), cursor)) found.add(child);
			}
		}
		for (const parent of this.#before(this.#byUrn.get(state.parent), cursor)) found.add(parent);
		return found;
	}

	/** Lists all dependencies of the resource, direct and indirect, including its parents. */
	listTransitiveDependencies(state: ResourceState): Set<ResourceState> {
		const found = new Set<ResourceState>();
		const visit = (next: ResourceState): void => {
			for (const urn of [...listDependencies(next), ...listProviderUrn(next)]) {
				const dependency = this.#lookup(next, urn);
				if (dependency === undefined || found.has(dependency)) continue;
				found.add(dependency);
				visit(dependency);
			}
		};
		visit(state);
		found.delete(state);
		return found;
	}

	#latest(urn: string): ResourceState | undefined {
		return this.#resources[this.#byUrn.get(urn)?.at(-1) ?? -1];
	}

	#before(indices: readonly number[] | undefined, cursor: number): ResourceState[] {
		return (indices ?? []).filter((index) => index < cursor).flatMap((index) => this.#resources[index] ?? []);
	}

	#lookup(from: ResourceState, urn: string): ResourceState | undefined {
		const all = (this.#byUrn.get(urn) ?? []).flatMap((index) => this.#resources[index] ?? []);
		const old = all.findLast((state) => state.delete);
		const current = all.findLast((state) => !state.delete);
		return old !== undefined && (from.delete || current === undefined) ? old : current;
	}
}

function push(map: Map<string, number[]>, key: string, index: number): void {
	const list = map.get(key);
	if (list === undefined) map.set(key, [index]);
	else list.push(index);
}
