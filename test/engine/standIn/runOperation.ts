import { availableParallelism } from "node:os";
import {
	EXIT_CHANGES,
	EXIT_FAILED,
	type OperationOptions,
	type Outcome,
	type ProjectSpec,
} from "../engine.ts";
import { collect } from "../events/collect.ts";
import { createChildEnv, PeakMemory } from "../processes.ts";
import { type Ending, runDeployment } from "./deploy/deploy.ts";
import { Deployment, type DeployOptions } from "./deploy/deployment.ts";
import { renderOutcome } from "./display/renderOutcome.ts";
import { Emitter } from "./emitter.ts";
import { Monitor, serveEngine } from "./monitor/monitor.ts";
import type { Project } from "./program/project.ts";
import { startProgram } from "./program/startProgram.ts";
import { startProvider } from "./provider/providerProcess.ts";
import { Registry } from "./provider/registry.ts";
import type { StackConfig } from "./stackConfig.ts";
import type { Crypter } from "./state/crypter.ts";
import { deserializeResources } from "./state/deserialize.ts";
import { Snapshot } from "./state/snapshot.ts";
import type { StateFile } from "./state/stateFile.ts";

/** A stack in operations. */
export interface OpenStack {
	readonly spec: ProjectSpec;
	readonly stack: string;
	readonly project: Project;
	readonly config: StackConfig;
	readonly crypter: Crypter;
	readonly file: StateFile;
}

/** The kind of an operation. */
export type Kind = "preview" | "update" | "refresh" | "destroy";

/** Runs one operation from the state on disk to its outcome. */
export async function runOperation(
	stack: OpenStack,
	kind: Kind,
	options: OperationOptions,
): Promise<Outcome> {
	if (options.savePlan !== undefined || options.plan !== undefined)
		throw new Error("The stand-in has no update plans.");
	const emitter = new Emitter(options.onEvent);
	const memory = { provider: new PeakMemory(), program: new PeakMemory() };
	const started = Date.now();
	const deployOptions = toDeployOptions(kind, options);
	emitter.emit({ preludeEvent: { config: {} } });
	const env = createChildEnv(stack.spec.env, options.env);
	const engine = await serveEngine(emitter);
	const parts = { emitter, memory, env, engineAddress: engine.address };
	const deployment = await prepare(stack, deployOptions, options, parts);
	const refusal = explainRefusal(deployment);
	const cancel = options.signal ?? new AbortController().signal;
	let ending: Ending;
	try {
		const start = runsProgram(deployOptions) ? () => program(stack, deployOptions, parts) : undefined;
		ending = refusal === undefined ? await runDeployment(deployment, start, cancel) : "failed";
	} finally {
		await deployment.providers.close();
		engine.close();
		await deployment.snapshot?.close();
	}
	const durationSeconds = Math.round((Date.now() - started) / 1000);
	emitter.emit({ summaryEvent: { resourceChanges: deployment.changes, durationSeconds } });
	const outcome = { ...collect(emitter.events), exitCode: exitCodeOf(ending, options, deployment.changes) };
	const stdout = renderOutcome(
		{ kind, stack: stack.stack, project: stack.project.name, durationSeconds },
		outcome,
	);
	const stderr = refusal === undefined ? "" : `error: ${refusal}\n`;
	return {
		...outcome,
		output: `${stdout}${stderr}`,
		stdout,
		stderr,
		...(memory.provider.bytes === undefined ? {} : { providerPeakMemory: memory.provider.bytes }),
		...(memory.program.bytes === undefined ? {} : { programPeakMemory: memory.program.bytes }),
	};
}

interface Parts {
	readonly emitter: Emitter;
	readonly memory: { readonly provider: PeakMemory; readonly program: PeakMemory };
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly engineAddress: string;
}

const runsProgram = ({ kind, runProgram }: DeployOptions): boolean => kind === "update" || runProgram;

/** Returns the error for URNs of a refresh or a destroy that are not in state (pkg/engine/deployment.go, `checkTargets`). */
function explainRefusal({ base, options }: Deployment): string | undefined {
	if (options.kind === "update") return undefined;
	const known = new Set(base.resources.map(({ urn }) => urn));
	const missing = [...options.targets, ...options.excludes].find((urn) => !known.has(urn));
	return missing === undefined ? undefined : `no resource named '${missing}' found`;
}

function toDeployOptions(kind: Kind, options: OperationOptions): DeployOptions {
	return {
		kind: kind === "preview" ? "update" : kind,
		dryRun: kind === "preview" || options.previewOnly === true,
		refresh: options.refresh === true || kind === "refresh",
		parallel: options.parallel ?? availableParallelism() * 4,
		continueOnError: options.continueOnError === true,
		targets: [...(options.target ?? []), ...(options.targetReplace ?? [])],
		targetDependents: options.targetDependents === true,
		excludes: options.exclude ?? [],
		excludeDependents: options.excludeDependents === true,
		runProgram: options.runProgram === true,
		replaceTargets: [...(options.replace ?? []), ...(options.targetReplace ?? [])],
	};
}

async function prepare(
	stack: OpenStack,
	deployOptions: DeployOptions,
	options: OperationOptions,
	{ emitter, memory, env, engineAddress }: Parts,
): Promise<Deployment> {
	const state = await stack.file.read();
	const base = {
		resources: deserializeResources(state, stack.crypter.decrypt),
		pendingOperations: state?.deployment.pending_operations ?? [],
	};
	const checkpoints = options.checkpoints !== false && env["PULUMI_SKIP_CHECKPOINTS"] !== "true";
	const { file, crypter, project } = stack;
	const onLine = (severity: "info" | "info#err", line: string): void => {
		if (line.trim() !== "") emitter.emitDiagnostic(severity, line);
	};
	const providers = new Registry(() =>
		startProvider({
			folder: project.folder,
			env: createProviderEnv(stack, env),
			engineAddress,
			memory: memory.provider,
			onLine,
		}),
	);
	if (runsProgram(deployOptions)) providers.warmUp();
	const snapshot = deployOptions.dryRun ? undefined : new Snapshot(base, { file, crypter, checkpoints });
	const scope = { stack: stack.stack, project: project.name };
	return new Deployment(scope, deployOptions, { emitter, providers, snapshot, base });
}

/** Returns what the engine adds to a provider's environment (pkg/resource/plugin/provider_plugin.go, `NewProvider`). */
const createProviderEnv = (
	{ project, config }: OpenStack,
	env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> => {
	const own = Object.entries(config.plain())
		.filter(([key]) => key.startsWith("pulumi-nodejs:"))
		.map(([key, value]) => [key.slice("pulumi-nodejs:".length), value]);
	return {
		...env,
		PULUMI_NODEJS_PROJECT: project.name,
		PULUMI_PROJECT: project.name,
		PULUMI_CONFIG: JSON.stringify(Object.fromEntries(own)),
	};
};

function program(stack: OpenStack, { dryRun, parallel }: DeployOptions, parts: Parts) {
	const { project, config } = stack;
	return startProgram({
		project,
		stack: stack.stack,
		dryRun,
		parallel,
		config: config.plain(),
		secretKeys: config.secretKeys(),
		env: parts.env,
		monitor: new Monitor(project.root, config.properties()),
		engineAddress: parts.engineAddress,
		emitter: parts.emitter,
		memory: parts.memory.program,
	});
}

function exitCodeOf(ending: Ending, options: OperationOptions, changes: Deployment["changes"]): number {
	if (ending !== "succeeded") return EXIT_FAILED;
	const changed = Object.entries(changes).some(([op, count]) => count > 0 && !QUIET.includes(op));
	return options.expectNoChanges === true && changed ? EXIT_CHANGES : 0;
}

/** Steps that change nothing (pkg/engine/update.go, `HasChanges`). */
const QUIET = ["same", "read", "discard", "read-replacement"];
