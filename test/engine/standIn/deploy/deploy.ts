import { Bail } from "../emitter.ts";
import { listDependencies } from "../state/resourceState.ts";
import type { Step } from "../steps/step.ts";
import { makeUrn } from "../urn.ts";
import { performDeletes } from "./deletes.ts";
import type { Deployment } from "./deployment.ts";
import { Executor } from "./executor.ts";
import type { ContinueEvent, OutputsEvent, SourceEvent } from "./goal.ts";
import { Records } from "./records.ts";
import { refresh, refreshUnregistered } from "./refresh.ts";
import { readSteps, registerSteps } from "./registerSteps.ts";
import type { Source } from "./source.ts";
import { refuseSkipped, reportUnknownTargets } from "./targets.ts";

/** The result of an operation. */
export type Ending = "succeeded" | "failed" | "cancelled";

/** Runs an operation from its start to its last write (pkg/resource/deploy/deployment_executor.go, `Execute`). */
export async function runDeployment(
	deployment: Deployment,
	startProgram: (() => Promise<Source>) | undefined,
	cancel: AbortSignal,
): Promise<Ending> {
	const stop = new AbortController();
	const abort = (): void => stop.abort();
	cancel.addEventListener("abort", abort);
	if (cancel.aborted) abort();
	try {
		const result = await new Run(deployment, stop).execute(startProgram);
		const cancelled = result === "done" && cancel.aborted;
		if (result === "steps failed") report(deployment, "failed");
		if (cancelled) report(deployment, "canceled");
		return cancelled ? "cancelled" : result === "done" ? "succeeded" : "failed";
	} finally {
		cancel.removeEventListener("abort", abort);
	}
}

const report = ({ emitter, options }: Deployment, word: string): void =>
	emitter.emitError(`${options.dryRun ? "preview" : "update"} ${word}`);

/** "broken off" means that the error has been reported; the operation as a whole adds nothing. */
type Result = "done" | "steps failed" | "broken off";

class Run {
	readonly #deployment: Deployment;
	readonly #stop: AbortController;
	readonly #records: Records;
	readonly #executor: Executor;
	readonly #left = new Set<string>();
	#refreshFailed = false;

	constructor(deployment: Deployment, stop: AbortController) {
		this.#deployment = deployment;
		this.#stop = stop;
		this.#records = new Records(deployment.options);
		this.#executor = new Executor(deployment, stop);
	}

	/** Runs the operation, and returns how far it got. */
	async execute(startProgram: (() => Promise<Source>) | undefined): Promise<Result> {
		const { options } = this.#deployment;
		if (await this.#fails(() => this.#prepare())) return this.#refreshFailed ? "steps failed" : "broken off";
		if (startProgram === undefined && options.kind === "refresh") return "done";
		if (this.#stop.signal.aborted) return "done";
		let source: Source | undefined;
		const failed = await this.#fails(async () => {
			source = await startProgram?.();
			if (!(await this.#follow(source))) return;
			const unknown = reportUnknownTargets(this.#deployment, options.targets, this.#records.urns);
			await this.#finish();
			if (unknown) throw new Bail("one or more targets could not be found in the stack");
		});
		if (failed) this.#stop.abort();
		await this.#executor.drain();
		const stepsFailed = this.#executor.failed || this.#records.sawError;
		await this.#executor.finishStack(failed || stepsFailed);
		const clean = !failed && !stepsFailed && !this.#stop.signal.aborted;
		const endedBadly = await this.#fails(async () => (clean ? source?.finish() : source?.kill()));
		if (failed || (endedBadly && clean)) return "broken off";
		return stepsFailed ? "steps failed" : "done";
	}

	/**
	 * Deletes at the end, or reads the remaining resources. A reported error that prevents this fails the operation
	 * like a failed step.
	 */
	async #finish(): Promise<void> {
		try {
			if (this.#deployment.options.kind === "refresh") {
				await refreshUnregistered(this.#deployment, this.#records, this.#executor);
			} else await performDeletes(this.#deployment, this.#records, this.#executor);
		} catch (error) {
			if (!(error instanceof Bail)) throw error;
		}
	}

	async #prepare(): Promise<void> {
		const { options, refreshesWithProgram } = this.#deployment;
		if (options.refresh && !refreshesWithProgram) {
			this.#reportUnknown([...options.targets, ...options.excludes]);
			this.#refreshFailed = !(await refresh(this.#deployment, this.#stop));
		} else warnPending(this.#deployment);
		if (this.#refreshFailed) throw new Bail("step executor errored");
		this.#reportUnknown(options.replaceTargets);
	}

	#reportUnknown(urns: readonly string[]): void {
		const unknown = reportUnknownTargets(this.#deployment, urns, new Set());
		if (unknown) throw new Bail("one or more targets could not be found in the stack");
	}

	/** Returns whether the program finished. */
	async #follow(source: Source | undefined): Promise<boolean> {
		if (source === undefined) return true;
		const { signal } = this.#stop;
		const stopped = new Promise<"stopped">((resolve) => {
			signal.addEventListener("abort", () => resolve("stopped"), { once: true });
		});
		for (;;) {
			const event = signal.aborted ? "stopped" : await Promise.race([source.next(), stopped]);
			if (event === "stopped") return false;
			if (event === undefined) return true;
			await this.#handle(event, (later) => source.push(later));
		}
	}

	async #handle(event: SourceEvent, enqueue: (later: ContinueEvent) => void): Promise<void> {
		try {
			if (event.kind === "outputs") return await this.#executor.recordOutputs(event);
			const steps = await this.#stepsFor(event, enqueue);
			refuseSkipped(this.#deployment, this.#records, steps);
			const left = this.#withoutDependents(steps);
			if (left.length > 0) await this.#executor.submit(left);
		} catch (error) {
			if (error instanceof Bail) throw error;
			this.#deployment.emitter.emitError(getMessage(error), this.#urnOf(event));
			throw new Bail(getMessage(error));
		}
	}

	async #stepsFor(
		event: Exclude<SourceEvent, OutputsEvent>,
		enqueue: (later: ContinueEvent) => void,
	): Promise<Step[]> {
		if (event.kind === "continue") return event.steps();
		if (event.kind === "read") return readSteps(this.#deployment, this.#records, event);
		return registerSteps(this.#deployment, this.#records, event, enqueue);
	}

	/** Removes steps that depend on something that failed, if the operation continues after errors. */
	#withoutDependents(steps: readonly Step[]): Step[] {
		for (const { urn } of this.#executor.errored) this.#left.add(urn);
		return steps.filter((step) => {
			const state = step.new ?? step.old;
			const leaning = state !== undefined && listDependencies(state).some((urn) => this.#left.has(urn));
			if (!leaning) return true;
			step.settle?.("skipped");
			this.#left.add(step.urn);
			return false;
		});
	}

	#urnOf(event: SourceEvent): string {
		const { scope } = this.#deployment;
		if (event.kind === "outputs" || event.kind === "continue") return event.urn;
		const { parent, type, name } = event.kind === "read" ? event : event.goal;
		return makeUrn(scope, parent, type, name);
	}

	async #fails(act: () => Promise<unknown>): Promise<boolean> {
		try {
			await act();
			return false;
		} catch (error) {
			if (!(error instanceof Bail)) this.#deployment.emitter.emitError(getMessage(error));
			return true;
		}
	}
}

const getMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Warns about the pending operations of the last run (pkg/resource/deploy/deployment_executor.go). */
export function warnPending({ base, emitter, options }: Deployment): void {
	const { pendingOperations: pending } = base;
	if (pending.length === 0 || options.dryRun) return;
	const list = pending
		.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`)
		.join("");
	emitter.emitDiagnostic(
		"warning",
		`Attempting to deploy or update resources with ${pending.length} pending operations from previous ` +
			`deployment.\n${list}These resources are in an unknown state because the Pulumi CLI was interrupted while ` +
			"waiting for changes to these resources to complete. You should confirm whether or not the operations " +
			"listed completed successfully by checking the state of the appropriate provider.",
	);
}
