import type { Op } from "../../events/engineEvent.ts";
import type { Deployment } from "../deploy/deployment.ts";
import { type Diff, diffResource, invertDiff } from "../deploy/diff.ts";
import type { Provider, ReadAnswer } from "../provider/provider.ts";
import { InitError } from "../provider/providerError.ts";
import type { ResourceState } from "../state/resourceState.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { isProviderType } from "../urn.ts";
import { annotateSecrets, areMapsEqual } from "../values/value.ts";
import type { Applied, Step } from "./step.ts";

/** A registration that continues when its resource was read. */
export interface AwaitingRefresh {
	/** The declared state of the resource. */
	readonly state: ResourceState;
	/** Called with the result; undefined if the resource does not exist. */
	readonly done: (found: ResourceState | undefined) => void;
	readonly failed: (error: unknown) => void;
}

/**
 * Reads the current resource from its provider (pkg/resource/deploy/step.go, `RefreshStep`). Only what a run of the
 * unchanged program would revert counts as a change: the provider's `diff` of the old inputs against the result.
 */
export class RefreshStep implements Step {
	readonly op = "refresh";
	readonly logical = false;
	readonly urn: string;
	readonly type: string;
	readonly old: ResourceState;
	readonly #deployment: Deployment;
	readonly #awaiting: AwaitingRefresh | undefined;
	#new: ResourceState | undefined;
	#diff: Diff | undefined;

	constructor(deployment: Deployment, old: ResourceState, awaiting?: AwaitingRefresh) {
		this.#deployment = deployment;
		this.#awaiting = awaiting;
		this.old = old;
		this.#new = awaiting?.state ?? old;
		this.urn = this.#new.urn;
		this.type = this.#new.type;
	}

	/** The result; undefined if the resource does not exist. */
	get new(): ResourceState | undefined {
		return this.#new;
	}

	/** The difference between the recorded and the current state. */
	get detailedDiff(): Readonly<Record<string, unknown>> | undefined {
		return this.#diff?.detailedDiff;
	}

	/** The result as a kind of step. */
	get resultOp(): Op {
		const { old } = this;
		const fresh = this.#new;
		if (fresh === undefined) return "delete";
		if (fresh === old) return "same";
		if (old.external) return areMapsEqual(old.outputs ?? {}, fresh.outputs ?? {}) ? "same" : "update";
		return this.#diff?.changes === "none" ? "same" : "update";
	}

	/** True for a resource without a provider whose registration waits for it. */
	get uncounted(): boolean {
		return this.#awaiting !== undefined && (!this.old.custom || isProviderType(this.old.type));
	}

	async apply(): Promise<Applied> {
		try {
			return await this.#refresh();
		} catch (error) {
			this.#awaiting?.failed(error);
			throw error;
		}
	}

	/** Writes the result if a registration continues from it; otherwise all old states are rebuilt. */
	commit(snapshot: Snapshot): boolean {
		if (this.#awaiting === undefined) return false;
		snapshot.drop(this.old);
		if (this.#new !== undefined) snapshot.add(this.#new);
		return true;
	}

	complete(): void {
		this.#awaiting?.done(this.#new);
	}

	async #refresh(): Promise<Applied> {
		const { old } = this;
		if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
			if (this.#awaiting !== undefined) this.#new = { ...old };
			return {};
		}
		const provider = await this.#provider();
		const { found, initErrors } = await this.#read();
		if (found.id === "" || found.outputs === undefined) {
			this.#new = undefined;
			return {};
		}
		const fresh = this.#found(found, initErrors);
		this.#new = fresh;
		if (old.external) return {};
		const { dryRun } = this.#deployment.options;
		const subject = { ...fresh, outputs: fresh.outputs ?? {} };
		this.#diff = invertDiff(await diffResource(provider, subject, old.inputs, dryRun, old.ignoreChanges));
		return {};
	}

	/** Returns the provider that the program registered, or else the one in state. */
	#provider(): Promise<Provider> {
		return this.#deployment.provider((this.#awaiting?.state ?? this.old).provider);
	}

	#found(found: ReadAnswer, initErrors: readonly string[]): ResourceState {
		const { old } = this;
		const inputs = found.inputs ?? old.inputs;
		const outputs = found.outputs ?? {};
		const changed = !areMapsEqual(inputs, old.inputs) || !areMapsEqual(outputs, old.outputs ?? {});
		const modified = changed ? new Date().toISOString() : old.modified;
		const state = this.#awaiting?.state ?? old;
		return { ...state, id: found.id, inputs, outputs, initErrors, modified };
	}

	async #read(): Promise<{ found: ReadAnswer; initErrors: readonly string[] }> {
		const { old } = this;
		const provider = await this.#provider();
		try {
			const timeout = old.customTimeouts.read ?? 0;
			const subject = { urn: this.urn, id: old.id };
			return { found: await provider.read(subject, old.inputs, old.outputs ?? {}, timeout), initErrors: [] };
		} catch (failure) {
			if (!(failure instanceof InitError)) throw failure;
			const reasons = failure.reasons.join("\n* ");
			const message = `Refreshed resource is in an unhealthy state:\n* ${reasons}`;
			this.#deployment.emitter.emitDiagnostic("warning", message, { urn: this.urn });
			return { found: readFailure(failure, old), initErrors: failure.reasons };
		}
	}
}

const readFailure = (failure: InitError, old: ResourceState): ReadAnswer => ({
	id: failure.id,
	outputs: annotateSecrets(failure.properties, old.outputs ?? {}),
	inputs: failure.inputs === undefined ? undefined : annotateSecrets(failure.inputs, old.inputs),
});
