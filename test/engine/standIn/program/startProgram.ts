import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { endWithUs, type PeakMemory, readLines } from "../../processes.ts";
import type { Listening } from "../channel.ts";
import type { Source } from "../deploy/source.ts";
import { Bail, type Emitter } from "../emitter.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { Project } from "./project.ts";

/** The exit code of a program that reported its error itself (sdk/nodejs/cmd/run/index.ts). */
const ALREADY_TOLD = 32;
const SAMPLE_EVERY = 250;

/** The parameters of a program run. */
export interface ProgramRun {
	readonly project: Project;
	readonly stack: string;
	readonly dryRun: boolean;
	readonly parallel: number;
	readonly config: Readonly<Record<string, string>>;
	readonly secretKeys: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly monitor: Monitor;
	readonly engineAddress: string;
	readonly emitter: Emitter;
	readonly memory: PeakMemory;
}

/** Runs an unmodified program with the SDK's `cmd/run`, as sdk/nodejs/cmd/pulumi-language-nodejs does. */
export async function startProgram(run: ProgramRun): Promise<Source> {
	const server = await run.monitor.serve();
	const child = launchProgram(run, server);
	const timer = setInterval(() => run.memory.sample(child.pid), SAMPLE_EVERY).unref();
	const release = endWithUs(child);
	const ended = waitForExit(child, run.emitter).finally(() => {
		release();
		clearInterval(timer);
	});
	void ended.then((error) => run.monitor.queue.end(error));
	return {
		next: () => run.monitor.queue.next(),
		push: (event) => run.monitor.queue.push(event),
		finish: async () => {
			run.monitor.release();
			const error = await ended;
			server.close();
			if (error !== undefined) throw error;
		},
		kill: async () => {
			child.kill("SIGKILL");
			await ended;
			server.close();
		},
	};
}

function launchProgram(run: ProgramRun, server: Listening): ChildProcess {
	const { project } = run;
	const script = createRequire(join(project.folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
	const flags: Readonly<Record<string, string>> = {
		monitor: server.address,
		engine: run.engineAddress,
		organization: "organization",
		project: project.name,
		"root-directory": project.root,
		stack: run.stack,
		pwd: project.folder,
	};
	const args = [
		...project.runtime.nodeArguments,
		script,
		...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
		...(run.dryRun ? ["--dry-run"] : []),
		"--parallel",
		String(run.parallel),
		project.entry,
	];
	return spawn(process.execPath, args, {
		cwd: project.folder,
		env: createProgramEnv(run),
		stdio: ["ignore", "pipe", "pipe"],
	});
}

function createProgramEnv({ project, config, secretKeys, env }: ProgramRun): NodeJS.ProcessEnv {
	const { typescript, tsconfig } = project.runtime;
	const legacy = Object.entries(config).map(([key, value]) => [key.replace(":", ":config:"), value]);
	return {
		...env,
		PULUMI_CONFIG: JSON.stringify(Object.fromEntries(legacy)),
		PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
		...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
		...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
	};
}

/** Resolves when the program and all its output have ended; with an error unless it succeeded. */
async function waitForExit(child: ChildProcess, emitter: Emitter): Promise<Error | undefined> {
	const tell = (severity: "info" | "info#err") => (line: string) => {
		if (line.trim() !== "") emitter.emitDiagnostic(severity, line);
	};
	const { stdout, stderr } = child;
	const lines = [
		stdout === null ? undefined : readLines(stdout, tell("info")),
		stderr === null ? undefined : readLines(stderr, tell("info#err")),
	];
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", resolve);
	});
	await Promise.all(lines);
	if (code === 0) return undefined;
	if (code === ALREADY_TOLD) return new Bail("run bailed");
	return new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${code}`);
}
