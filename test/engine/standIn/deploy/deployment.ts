import type { Emitter } from "../emitter.ts";
import type { Provider } from "../provider/provider.ts";
import type { Registry } from "../provider/registry.ts";
import { Graph } from "../state/graph.ts";
import type { ResourceState } from "../state/resourceState.ts";
import type { BaseState, Snapshot } from "../state/snapshot.ts";
import { parseReference, type UrnScope } from "../urn.ts";

/** What kind of operation runs, and how. */
export interface DeployOptions {
	readonly kind: "update" | "refresh" | "destroy";
	readonly dryRun: boolean;
	readonly refresh: boolean;
	readonly parallel: number;
	readonly continueOnError: boolean;
	readonly targets: readonly string[];
	readonly targetDependents: boolean;
	/** Left out; not together with targets. */
	readonly excludes: readonly string[];
	readonly excludeDependents: boolean;
	/** Replaced whatever their providers say. */
	readonly replaceTargets: readonly string[];
	/** True when the program runs although the operation refreshes or destroys. */
	readonly runProgram: boolean;
}

/** What the parts of one operation share (pkg/resource/deploy/deployment.go, `Deployment`). */
export class Deployment {
	readonly scope: UrnScope;
	readonly options: DeployOptions;
	readonly emitter: Emitter;
	readonly providers: Registry;
	/** Absent in a preview, which writes nothing. */
	readonly snapshot: Snapshot | undefined;
	readonly base: BaseState;
	/** The resources that this operation made, changed or found unchanged. */
	readonly news = new Map<string, ResourceState>();
	/** How many steps of each kind count towards the summary. */
	readonly changes: Record<string, number> = {};
	#olds = new Map<string, ResourceState>();
	#graph = new Graph([]);

	constructor(
		scope: UrnScope,
		options: DeployOptions,
		parts: Pick<Deployment, "emitter" | "providers" | "snapshot" | "base">,
	) {
		this.scope = scope;
		this.options = options;
		this.emitter = parts.emitter;
		this.providers = parts.providers;
		this.snapshot = parts.snapshot;
		this.base = parts.base;
		this.rebase(parts.base.resources);
	}

	/** True when resources are read one by one as the program registers them, not all of them before it runs. */
	get refreshesWithProgram(): boolean {
		const { kind, refresh, runProgram } = this.options;
		return runProgram && refresh && kind !== "destroy";
	}

	/** What was there before, by URN, without what only waits for its deletion. */
	get olds(): ReadonlyMap<string, ResourceState> {
		return this.#olds;
	}

	/** Who leans on whom in what was there before. */
	get graph(): Graph {
		return this.#graph;
	}

	/** Takes another list for what was there before: a refresh found it. */
	rebase(resources: ResourceState[]): void {
		this.base.resources = resources;
		this.#olds = new Map(resources.filter((state) => !state.delete).map((state) => [state.urn, state]));
		this.#graph = new Graph(resources);
	}

	/** The provider behind a reference, started from its old state where this operation has not done so yet. */
	async provider(reference: string): Promise<Provider> {
		await this.ensureProvider(reference);
		const provider = await this.providers.get(reference);
		if (provider === undefined) throw new Error(`unknown provider '${reference}'`);
		return provider;
	}

	/** Starts a provider from its old state unless it runs (`Deployment.EnsureProvider`). */
	async ensureProvider(reference: string): Promise<void> {
		if (reference === "" || this.providers.get(reference) !== undefined) return;
		const { urn, id } = parseReference(reference);
		const state = this.base.resources.find((resource) => resource.urn === urn && resource.id === id);
		if (state === undefined) throw new Error(`could not find provider ${reference}`);
		await this.providers.same(urn, id, state.inputs);
	}
}
