import type { ResourceState } from "../state/resourceState.ts";

/** What the generator of steps has decided so far, by URN (pkg/resource/deploy/step_generator.go). */
export class Records {
	/** Registered or read by the program. */
	readonly urns = new Set<string>();
	readonly reads = new Set<string>();
	readonly creates = new Set<string>();
	readonly updates = new Set<string>();
	readonly replaces = new Set<string>();
	readonly deletes = new Set<string>();
	readonly sames = new Set<string>();
	readonly refreshes = new Set<string>();
	/** What was read while the program ran: the state from before, and what it is now. */
	readonly refreshed = new Map<ResourceState, ResourceState>();
	/** What a destroy that runs the program deletes in the end. */
	readonly toDelete: ResourceState[] = [];
	/** Left out because they are no targets, though the program wants them. */
	readonly skippedCreates = new Set<string>();
	/** Old states that are deleted already to be replaced: two may share a URN, so it is the object that counts. */
	readonly deleting = new Set<ResourceState>();
	/** Why dependents of a resource deleted before its replacement are replaced. */
	readonly dependentKeys = new Map<string, readonly string[]>();
	/** Old URN to the URN that took its place through an alias. */
	readonly aliased = new Map<string, string>();
	/** The same, the other way round. */
	readonly aliases = new Map<string, string>();
	/** The providers registered so far, under their URNs and aliases. */
	readonly providers = new Map<string, ResourceState>();
	/** Targets, and what joined them by leaning on one. */
	readonly targets: Set<string>;
	/** What is left out, and what joined it by leaning on that. */
	readonly excludes: Set<string>;
	/** True once an error was told that makes the operation fail in the end. */
	sawError = false;

	constructor({
		targets,
		excludes,
	}: {
		readonly targets: readonly string[];
		readonly excludes: readonly string[];
	}) {
		this.targets = new Set(targets);
		this.excludes = new Set(excludes);
	}

	/** True when a step was generated for the URN. */
	hasStep(urn: string): boolean {
		return [this.creates, this.sames, this.updates, this.deletes, this.replaces, this.reads].some((set) =>
			set.has(urn),
		);
	}

	/** True when the program spoke for the resource, under this name or a newer one; deletions do not count. */
	isOperatedOn(urn: string): boolean {
		const name = this.aliased.get(urn) ?? urn;
		return [this.sames, this.updates, this.replaces, this.reads, this.refreshes].some((set) => set.has(name));
	}

	/** All URNs that a step was generated for. */
	all(): Set<string> {
		const sets = [this.reads, this.creates, this.sames, this.updates, this.deletes, this.replaces];
		return new Set(sets.flatMap((set) => [...set]));
	}
}
