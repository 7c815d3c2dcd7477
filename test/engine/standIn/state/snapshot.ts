import type { PendingOperation } from "../../deployment.ts";
import type { Crypter } from "./crypter.ts";
import { normalizeUrns } from "./normalizeUrns.ts";
import type { ResourceState } from "./resourceState.ts";
import { rememberCiphertexts, serializeResource } from "./serialize.ts";
import { type StateFile, stateText } from "./stateFile.ts";

/** What an operation started from. Refreshes change the list in place. */
export interface BaseState {
	resources: ResourceState[];
	readonly pendingOperations: readonly PendingOperation[];
}

/** How the state file is kept. */
export interface SnapshotOptions {
	readonly file: StateFile;
	readonly crypter: Crypter;
	/** False writes the file once, at the end, as PULUMI_SKIP_CHECKPOINTS does. */
	readonly checkpoints: boolean;
}

/**
 * Keeps the state file true while steps run: what is done by this operation first, then what is left of what was there
 * before, and what is under way (pkg/backend/snapshot.go, `SnapshotManager`). Steps that finish while a write is under
 * way share the next one.
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

	/** Notes that an operation on the resource starts. */
	begin(state: ResourceState, type: PendingOperation["type"]): Promise<void> {
		this.#pending.set(state, type);
		return this.save();
	}

	/** Notes that the operation begun on the resource ended, one way or the other. */
	end(state: ResourceState): void {
		this.#pending.delete(state);
	}

	/** Takes a state out of the file: it was replaced by a newer one, or is gone. */
	drop(state: ResourceState): void {
		this.#done.add(state);
	}

	/** Puts a state into the file, after all that this operation put there before it. */
	add(state: ResourceState): void {
		this.#resources.push(state);
	}

	/** Leaves a change for the next write to carry. */
	elide(): Promise<void> {
		this.#elided = true;
		return Promise.resolve();
	}

	/** Writes the file, or joins the write that will start when the one under way ends. */
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

	/** Writes what is not yet written. */
	async close(): Promise<void> {
		await (this.#next ?? this.#writing);
		if (this.#elided) await this.#options.file.write(this.#text());
	}

	/** The resources as the file holds them. */
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
