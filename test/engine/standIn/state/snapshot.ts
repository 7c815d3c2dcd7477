import type { PendingOperation } from "../../deployment.ts";
import type { Crypter } from "./crypter.ts";
import { normalizeUrns } from "./normalizeUrns.ts";
import type { ResourceState } from "./resourceState.ts";
import { rememberCiphertexts, serializeResource } from "./serialize.ts";
import { type StateFile, stateText } from "./stateFile.ts";

/** The state at the start of an operation. Refreshes change the list in place. */
export interface BaseState {
	resources: ResourceState[];
	readonly pendingOperations: readonly PendingOperation[];
}

/** How the state file is written. */
export interface SnapshotOptions {
	readonly file: StateFile;
	readonly crypter: Crypter;
	/** False writes the file once, at the end, as PULUMI_SKIP_CHECKPOINTS does. */
	readonly checkpoints: boolean;
}

/**
 * Keeps the state file correct while steps run: first the results of this operation, then the remaining old states, and
 * the pending operations (pkg/backend/snapshot.go, `SnapshotManager`). Steps that finish during a write share the next
 * one.
 */
export class Snapshot {
	readonly #base: BaseState;
	readonly #options: SnapshotOptions;
	readonly #encrypt;
	readonly #resources: ResourceState[] = [];
	readonly #done = new Set<ResourceState>();
	readonly #pending = new Map<ResourceState, PendingOperation["type"]>();
	readonly #texts = new WeakMap<ResourceState, { readonly copy: ResourceState; readonly text: string }>();
	#elided = true;
	#writing: Promise<void> = Promise.resolve();
	#next: Promise<void> | undefined;

	constructor(base: BaseState, options: SnapshotOptions) {
		this.#base = base;
		this.#options = options;
		this.#encrypt = rememberCiphertexts(options.crypter.encrypt);
	}

	/** Records that an operation on the resource starts. */
	begin(state: ResourceState, type: PendingOperation["type"]): Promise<void> {
		this.#pending.set(state, type);
		return this.save();
	}

	/** Records that the operation on the resource ended, whether it succeeded or not. */
	end(state: ResourceState): void {
		this.#pending.delete(state);
	}

	/** Removes a state from the file because it was replaced by a newer one, or deleted. */
	drop(state: ResourceState): void {
		this.#done.add(state);
	}

	/** Adds a state to the file, after all that this operation added before it. */
	add(state: ResourceState): void {
		this.#resources.push(state);
	}

	/** Leaves a change for the next write. */
	elide(): Promise<void> {
		this.#elided = true;
		return Promise.resolve();
	}

	/** Writes the file, or joins the write that starts after the current one. */
	save(): Promise<void> {
		if (!this.#options.checkpoints) return this.elide();
		this.#next ??= this.#writing.then(() => {
			this.#next = undefined;
			this.#elided = false;
			this.#writing = this.#options.file.write(this.#text());
			return this.#writing;
		});
		return this.#next;
	}

	/** Writes pending changes. */
	async close(): Promise<void> {
		await (this.#next ?? this.#writing);
		if (this.#elided) await this.#options.file.write(this.#text());
	}

	/** Returns the resources as they are in the file. */
	current(): ResourceState[] {
		return [...this.#resources, ...this.#base.resources].filter((state) => !this.#done.has(state));
	}

	#text(): string {
		const pending = [...this.#pending].map(
			([state, type]) => `{"resource":${this.#textOf(state)},"type":${JSON.stringify(type)}}`,
		);
		const kept = this.#base.pendingOperations.filter(({ type }) => type === "creating");
		return stateText(
			this.#options.crypter.salt,
			normalizeUrns(this.current()).map((state) => this.#textOf(state)),
			[...pending, ...kept.map((operation) => JSON.stringify(operation))],
		);
	}

	#textOf(state: ResourceState): string {
		const known = this.#texts.get(state);
		if (known !== undefined && hasSameFields(known.copy, state)) return known.text;
		const text = JSON.stringify(serializeResource(state, this.#encrypt));
		this.#texts.set(state, { copy: { ...state }, text });
		return text;
	}
}

function hasSameFields(left: ResourceState, right: ResourceState): boolean {
	for (const field in left) {
		const name = field as keyof ResourceState;
		if (left[name] !== right[name]) return false;
	}
	return true;
}
