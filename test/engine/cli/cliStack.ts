import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Deployment } from "../deployment.ts";
import type { ConfigValue, OperationOptions, Outcome, Stack } from "../engine.ts";
import { collect } from "../events/collect.ts";
import { readStackOutputs } from "../standIn/state/deserialize.ts";
import type { Backend } from "./backend.ts";
import { EventLog } from "./eventLog.ts";
import { type Ended, runPulumi } from "./runPulumi.ts";

/** The state of a stack that never had one, for which the CLI exports null. */
const EMPTY: Deployment = {
	version: 3,
	deployment: { manifest: { time: "", magic: "", version: "" }, metadata: {} },
};

/** A stack that the CLI runs. */
export class CliStack implements Stack {
	readonly #backend: Backend;
	readonly #root: string;
	readonly #passphrase: string;
	#runs = 0;

	constructor(backend: Backend, root: string, passphrase: string) {
		this.#backend = backend;
		this.#root = root;
		this.#passphrase = passphrase;
	}

	preview(options: OperationOptions = {}): Promise<Outcome> {
		return this.#operate("preview", [], options);
	}

	up(options: OperationOptions = {}): Promise<Outcome> {
		return this.#operate("up", getWorkFlags(options), options);
	}

	refresh(options: OperationOptions = {}): Promise<Outcome> {
		return this.#operate("refresh", getWorkFlags(options), options);
	}

	destroy(options: OperationOptions = {}): Promise<Outcome> {
		return this.#operate("destroy", getWorkFlags(options), options);
	}

	async exportState(): Promise<Deployment> {
		const { stdout } = await this.#command(["stack", "export", ...this.#backend.stackFlags]);
		const state: Deployment | { readonly deployment: null } = JSON.parse(stdout);
		return state.deployment === null ? EMPTY : state;
	}

	async importState(state: Deployment): Promise<void> {
		await this.#backend.writeConfig(state.deployment.secrets_providers?.state?.salt);
		await this.#command(["stack", "import", ...this.#backend.stackFlags], JSON.stringify(state));
	}

	setConfig(key: string, value: ConfigValue): Promise<void> {
		return this.#backend.setConfig(key, value);
	}

	removeConfig(key: string): Promise<void> {
		return this.#backend.setConfig(key, undefined);
	}

	async taint(...urns: readonly string[]): Promise<void> {
		await this.#command(["state", "taint", "--yes", ...urns, ...this.#backend.stackFlags]);
	}

	async unlock(): Promise<void> {
		await this.#command(["cancel", "--yes", ...this.#backend.stackFlags]);
	}

	async outputs({ showSecrets = false } = {}): Promise<Record<string, unknown>> {
		return readStackOutputs(await this.exportState(), showSecrets ? this.#passphrase : undefined);
	}

	async dispose(): Promise<void> {
		await rm(this.#backend.folder, { recursive: true, force: true });
	}

	async #operate(command: string, mode: readonly string[], options: OperationOptions): Promise<Outcome> {
		const path = join(this.#backend.folder, `events-${this.#runs++}.json`);
		const log = new EventLog(path, options.onEvent);
		const skip = options.checkpoints === false ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
		const ended = await runPulumi({
			args: [command, ...mode, ...listFlags(options), ...this.#backend.flags, "--event-log", path],
			folder: this.#root,
			env: this.#backend.env({ ...options.env, ...skip }),
			signal: options.signal,
		});
		await log.close();
		return toOutcome(ended, log);
	}

	async #command(args: readonly string[], input?: string): Promise<Ended> {
		const env = this.#backend.env();
		const ended = await runPulumi({
			args,
			folder: this.#root,
			env,
			...(input === undefined ? {} : { input }),
		});
		if (ended.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${ended.stderr}`);
		return ended;
	}
}

const getWorkFlags = ({ previewOnly, skipPreview }: OperationOptions): string[] =>
	previewOnly === true ? ["--preview-only"] : ["--yes", ...(skipPreview === false ? [] : ["--skip-preview"])];

const listFlags = (options: OperationOptions): string[] => [
	...(options.refresh === true ? ["--refresh"] : []),
	...(options.diff === true ? ["--diff"] : []),
	...(options.json === true ? ["--json"] : []),
	...(options.debug === true ? ["--debug"] : []),
	...(options.savePlan === undefined ? [] : ["--save-plan", options.savePlan]),
	...(options.plan === undefined ? [] : ["--plan", options.plan]),
	...(options.expectNoChanges === true ? ["--expect-no-changes"] : []),
	...(options.parallel === undefined ? [] : ["--parallel", String(options.parallel)]),
	...(options.target ?? []).flatMap((urn) => ["--target", urn]),
	...(options.targetDependents === true ? ["--target-dependents"] : []),
	...(options.exclude ?? []).flatMap((urn) => ["--exclude", urn]),
	...(options.excludeDependents === true ? ["--exclude-dependents"] : []),
	...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
	...(options.targetReplace ?? []).flatMap((urn) => ["--target-replace", urn]),
	...(options.runProgram === true ? ["--run-program"] : []),
	...(options.continueOnError === true ? ["--continue-on-error"] : []),
];

const toOutcome = (ended: Ended, log: EventLog): Outcome => ({
	...collect(log.events),
	exitCode: ended.exitCode,
	output: `${ended.stdout}${ended.stderr}`,
	stdout: ended.stdout,
	stderr: ended.stderr,
	...(ended.providerPeakMemory === undefined ? {} : { providerPeakMemory: ended.providerPeakMemory }),
	...(ended.programPeakMemory === undefined ? {} : { programPeakMemory: ended.programPeakMemory }),
});
