import { Bail } from "../emitter.ts";
import type { ResourceState } from "../state/resourceState.ts";
import {
	type Applied,
	createMetadata,
	getSubject,
	HarmlessFailure,
	isInternal,
	type Step,
} from "../steps/step.ts";
import { STACK_TYPE } from "../urn.ts";
import { areMapsEqual, markSecretOutputs } from "../values/value.ts";
import type { Deployment } from "./deployment.ts";
import type { OutputsEvent } from "./goal.ts";

/**
 * Runs steps: those of one chain in sequence, chains in parallel as far as `--parallel` allows
 * (pkg/resource/deploy/step_executor.go). After a failure, steps in progress finish and no new one starts, unless the
 * operation continues after errors.
 */
export class Executor {
	readonly errored: Step[] = [];
	readonly #deployment: Deployment;
	readonly #slots: Slots;
	readonly #stop: AbortController;
	readonly #ignoreErrors: boolean;
	readonly #awaitingOutputs = new Map<string, Step>();
	readonly #running = new Set<Promise<void>>();
	#stackOutputs: OutputsEvent | undefined;
	#failed = false;

	constructor(deployment: Deployment, stop: AbortController, ignoreErrors = false) {
		this.#deployment = deployment;
		this.#stop = stop;
		this.#ignoreErrors = ignoreErrors;
		this.#slots = new Slots(deployment.options.parallel, stop.signal);
	}

	/** True once a step failed. */
	get failed(): boolean {
		return this.#failed;
	}

	/** Waits for a free slot and starts the chain; the returned promise resolves when the chain has ended. */
	async submit(chain: readonly Step[]): Promise<{ readonly ended: Promise<void> }> {
		if (!(await this.#slots.take())) return { ended: Promise.resolve() };
		const ended = this.#runChain(chain).finally(() => {
			this.#slots.give();
			this.#running.delete(ended);
		});
		this.#running.add(ended);
		return { ended };
	}

	/** Runs independent steps and waits for all. */
	async runAll(steps: readonly Step[]): Promise<void> {
		const ended: Promise<void>[] = [];
		for (const step of steps) ended.push((await this.submit([step])).ended);
		await Promise.all(ended);
	}

	/** Waits for everything that was started. */
	async drain(): Promise<void> {
		while (this.#running.size > 0) await Promise.all(this.#running);
	}

	/** Records the outputs of a component; those of the stack wait for the end. */
	async recordOutputs(event: OutputsEvent): Promise<void> {
		if (this.#awaitingOutputs.get(event.urn)?.type === STACK_TYPE) this.#stackOutputs = event;
		else await this.#setOutputs(event.urn, event.outputs);
		event.done();
	}

	/** Records the stack's outputs; after a failure, missing outputs keep their old values. */
	async finishStack(failed: boolean): Promise<void> {
		const event = this.#stackOutputs;
		if (event === undefined) return;
		const old = this.#deployment.olds.get(event.urn)?.outputs ?? {};
		await this.#setOutputs(event.urn, failed ? { ...old, ...event.outputs } : event.outputs);
	}

	async #setOutputs(urn: string, outputs: ResourceState["inputs"]): Promise<void> {
		const { emitter, snapshot, options } = this.#deployment;
		const step = this.#awaitingOutputs.get(urn);
		if (step?.new === undefined) {
			throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
		}
		this.#awaitingOutputs.delete(urn);
		if (step.skippedCreate === true) return;
		step.new.outputs = outputs;
		emitter.step("resOutputsEvent", createMetadata(step), options.dryRun);
		const unchanged = step.old !== undefined && areMapsEqual(step.old.outputs ?? {}, outputs);
		await (unchanged ? snapshot?.elide() : snapshot?.save());
	}

	async #runChain(chain: readonly Step[]): Promise<void> {
		for (const step of chain) {
			if (this.#stop.signal.aborted) return;
			try {
				await this.#run(step);
			} catch (error) {
				this.#fail(step, error);
				return;
			}
		}
	}

	#fail(step: Step, error: unknown): void {
		this.#failed = true;
		if (!(error instanceof StepFailed)) {
			this.#deployment.emitter.emitError(error instanceof Error ? error.message : String(error), step.urn);
		}
		if (this.#ignoreErrors) return;
		const harmless = error instanceof StepFailed && error.cause instanceof HarmlessFailure;
		if (!harmless && !this.#deployment.options.continueOnError) {
			this.#stop.abort();
			return;
		}
		step.settle?.("failed");
		this.errored.push(step);
	}

	async #run(step: Step): Promise<void> {
		const { emitter, options, snapshot } = this.#deployment;
		if (!isInternal(step)) emitter.step("resourcePreEvent", createMetadata(step), options.dryRun);
		const subject = getSubject(step);
		if (step.pending !== undefined && subject !== undefined) await snapshot?.begin(subject, step.pending);
		const { failure, partial } = await attempt(step);
		if (failure === undefined && step.logical && step.new) this.#awaitingOutputs.set(step.urn, step);
		this.#track(step);
		if (failure === undefined) this.#tellDone(step);
		else this.#tellFailed(step, failure);
		if (partial && step.op === "update" && step.new && step.old) step.new.inputs = step.old.inputs;
		await this.#record(step, subject, failure === undefined || partial);
		if (failure !== undefined) throw new StepFailed("", { cause: failure });
		step.complete?.();
	}

	async #record(step: Step, subject: ResourceState | undefined, keep: boolean): Promise<void> {
		const { snapshot } = this.#deployment;
		if (snapshot === undefined) return;
		if (subject !== undefined) snapshot.end(subject);
		const write = keep ? step.commit(snapshot) : true;
		await (write ? snapshot.save() : snapshot.elide());
	}

	#track(step: Step): void {
		const state = step.new;
		if (state === undefined || step.op === "replace") return;
		if (state.outputs !== undefined) {
			state.outputs = markSecretOutputs(state.outputs, state.inputs, state.additionalSecretOutputs);
		}
		this.#deployment.news.set(state.urn, state);
	}

	#tellDone(step: Step): void {
		const { changes, emitter, options } = this.#deployment;
		if (isInternal(step)) return;
		const refreshing = options.kind === "refresh" && step.op === "refresh";
		const op = refreshing ? (step.resultOp ?? step.op) : step.op;
		const counts = step.op === "read" ? readChanged(step) : step.logical || refreshing;
		if (counts && step.uncounted !== true) changes[op] = (changes[op] ?? 0) + 1;
		const custom = getSubject(step)?.custom === true;
		const shown =
			options.dryRun || custom || step.op === "delete" || (step.op === "refresh" && options.refresh);
		if (shown) emitter.step("resOutputsEvent", createMetadata(step, op), options.dryRun);
	}

	#tellFailed(step: Step, failure: Error): void {
		const { emitter, options } = this.#deployment;
		const urn = isInternal(step) ? "" : step.urn;
		emitter.emitError(`${options.dryRun ? "Preview failed: " : ""}${failure.message}`, urn);
		if (!options.dryRun && urn !== "")
			emitter.emit({ resOpFailedEvent: { metadata: createMetadata(step), status: 0 } });
	}
}

class StepFailed extends Error {}

const readChanged = ({ old, new: fresh }: Step): boolean =>
	old?.outputs !== undefined && fresh?.outputs !== undefined && !areMapsEqual(old.outputs, fresh.outputs);

async function attempt(step: Step): Promise<{ failure: Error | undefined; partial: boolean }> {
	try {
		const { failure }: Applied = await step.apply();
		return { failure, partial: failure !== undefined };
	} catch (error) {
		if (error instanceof Bail) throw error;
		return { failure: error instanceof Error ? error : new Error(String(error)), partial: false };
	}
}

/** A fixed number of slots. None is given out after the signal. */
export class Slots {
	#free: number;
	readonly #waiting: ((got: boolean) => void)[] = [];
	readonly #signal: AbortSignal;

	constructor(count: number, signal: AbortSignal) {
		this.#free = Math.max(1, count);
		this.#signal = signal;
		signal.addEventListener("abort", () => {
			for (const tell of this.#waiting.splice(0)) tell(false);
		});
	}

	/** Waits for a slot; returns false if the wait was cancelled. */
	take(): Promise<boolean> {
		if (this.#signal.aborted) return Promise.resolve(false);
		if (this.#free > 0) {
			this.#free -= 1;
			return Promise.resolve(true);
		}
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Frees a slot. */
	give(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#free += 1;
		else next(true);
	}
}
