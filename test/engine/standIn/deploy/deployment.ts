import type { Emitter } from "../emitter.ts";
import type { Provider } from "../provider/provider.ts";
import type { Registry } from "../provider/registry.ts";
import { Graph } from "../state/graph.ts";
import type { ResourceState } from "../state/resourceState.ts";
import type { BaseState, Snapshot } from "../state/snapshot.ts";
import { parseReference, type UrnScope } from "../urn.ts";

/** The kind of an operation, and its options. */
export interface DeployOptions {
	readonly kind: "update" | "refresh" | "destroy";
	readonly dryRun: boolean;
	readonly refresh: boolean;
	readonly parallel: number;
	readonly continueOnError: boolean;
	readonly targets: readonly string[];
	readonly targetDependents: boolean;
	/** Excluded URNs; cannot be used with targets. */
	readonly excludes: readonly string[];
	readonly excludeDependents: boolean;
	/** The URNs to replace whatever their providers say. */
	readonly replaceTargets: readonly string[];
	/** True if the program runs although the operation refreshes or destroys. */
	readonly runProgram: boolean;
}

/** The data that the parts of one operation share (pkg/resource/deploy/deployment.go, `Deployment`). */
export class Deployment {
	readonly scope: UrnScope;
	readonly options: DeployOptions;
	readonly emitter: Emitter;
	readonly providers: Registry;
	/** Absent in a preview, which writes nothing. */
	readonly snapshot: Snapshot | undefined;
	readonly base: BaseState;
	/** The resources that this operation created, changed or found unchanged. */
	readonly news = new Map<string, ResourceState>();
	/** How many steps of each kind count in the summary. */
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

	/** True if resources are read one by one as the program registers them, instead of all before it runs. */
	get refreshesWithProgram(): boolean {
		const { kind, refresh, runProgram } = this.options;
		return runProgram && refresh && kind !== "destroy";
	}

	/** The old states by URN, without those that only wait for their deletion. */
	get olds(): ReadonlyMap<string, ResourceState> {
		return this.#olds;
	}

	/** The dependencies among the old states. */
	get graph(): Graph {
		return this.#graph;
	}

	/** Replaces the old states by those that a refresh found. */
	rebase(resources: ResourceState[]): void {
		this.base.resources = resources;
		this.#olds = new Map(resources.filter((state) => !state.delete).map((state) => [state.urn, state]));
		this.#graph = new Graph(resources);
	}

	/** Returns the provider of a reference, and starts it from its old state if this operation has not done so yet. */
	async provider(reference: string): Promise<Provider> {
		await this.ensureProvider(reference);
		const provider = await this.providers.get(reference);
		if (provider === undefined) throw new Error(`unknown provider '${reference}'`);
		return provider;
	}

	/** Starts a provider from its old state unless it is running (`Deployment.EnsureProvider`). */
	async ensureProvider(reference: string): Promise<void> {
		if (reference === "" || this.providers.get(reference) !== undefined) return;
		const { urn, id } = parseReference(reference);
		const state = this.base.resources.find((resource) => resource.urn === urn && resource.id === id);
		if (state === undefined) throw new Error(`could not find provider ${reference}`);
		await this.providers.same(urn, id, state.inputs);
	}
}
