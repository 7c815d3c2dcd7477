import type { ResourceState } from "../state/resourceState.ts";

/** The decisions of the step generator so far, by URN (pkg/resource/deploy/step_generator.go). */
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
	/** What was read while the program ran: the old state and the current one. */
	readonly refreshed = new Map<ResourceState, ResourceState>();
	/** The resources that a destroy with the program deletes at the end. */
	readonly toDelete: ResourceState[] = [];
	/** Resources of the program that are skipped because they are not targets. */
	readonly skippedCreates = new Set<string>();
	/** Old states that are already deleted for a replacement. Two may share a URN, so the object is the key. */
	readonly deleting = new Set<ResourceState>();
	/** The reasons why dependents of a resource deleted before its replacement are replaced. */
	readonly dependentKeys = new Map<string, readonly string[]>();
	/** Maps an old URN to the URN that replaced it through an alias. */
	readonly aliased = new Map<string, string>();
	/** The same in the other direction. */
	readonly aliases = new Map<string, string>();
	/** The providers registered so far, by their URNs and aliases. */
	readonly providers = new Map<string, ResourceState>();
	/** Targets, and resources that joined them as dependents. */
	readonly targets: Set<string>;
	/** Excluded resources, and those that joined them as dependents. */
	readonly excludes: Set<string>;
	/** True once an error was reported that fails the operation at the end. */
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

	/** Returns whether a step was generated for the URN. */
	hasStep(urn: string): boolean {
		return [this.creates, this.sames, this.updates, this.deletes, this.replaces, this.reads].some((set) =>
			set.has(urn),
		);
	}

	/** Returns whether the program declared the resource, under this name or a newer one; deletions do not count. */
	isOperatedOn(urn: string): boolean {
		const name = this.aliased.get(urn) ?? urn;
		return [this.sames, this.updates, this.replaces, this.reads, this.refreshes].some((set) => set.has(name));
	}

	/** Returns all URNs with a generated step. */
	all(): Set<string> {
		const sets = [this.reads, this.creates, this.sames, this.updates, this.deletes, this.replaces];
		return new Set(sets.flatMap((set) => [...set]));
	}
}
