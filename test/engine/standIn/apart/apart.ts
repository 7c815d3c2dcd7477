import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigValue, Engine, OperationOptions, Outcome, ProjectSpec, Stack } from "../../engine.ts";
import { collect } from "../../events/collect.ts";
import type { EngineEvent } from "../../events/engineEvent.ts";
import { createChildEnv } from "../../processes.ts";
import { createStandIn } from "../standIn.ts";
import { ENGINE_VERSION } from "../state/stateFile.ts";

/**
 * Creates a stand-in with a process of its own for each operation, which can be killed and interrupted like the CLI:
 * the processes that it started survive it, and the state is what it had written.
 */
export const createStandInApart = (): Engine => ({ name: "stand-in", version: ENGINE_VERSION, open });

async function open(given: ProjectSpec): Promise<Stack> {
	const stateDir = given.stateDir ?? (await mkdtemp(join(tmpdir(), "stand-in-")));
	const config = new Map(Object.entries(given.config ?? {}));
	const project = (): ProjectSpec => ({ ...given, stateDir, config: Object.fromEntries(config) });
	const kept = await createStandIn().open(project());
	const operate = (command: Command) => (options?: OperationOptions) => run(project(), command, options);
	return {
		preview: operate("preview"),
		up: operate("up"),
		refresh: operate("refresh"),
		destroy: operate("destroy"),
		exportState: () => kept.exportState(),
		importState: (state) => kept.importState(state),
		setConfig: async (key: string, value: ConfigValue) => void config.set(key, value),
		removeConfig: async (key) => void config.delete(key),
		taint: (...urns) => kept.taint(...urns),
		unlock: () => kept.unlock(),
		outputs: (options) => kept.outputs(options),
		dispose: () => kept.dispose(),
	};
}

async function run(
	createProject: ProjectSpec,
	command: Command,
	{ signal, onEvent, ...options }: OperationOptions = {},
): Promise<Outcome> {
	const child = fork(join(__dirname, "process.ts"), {
		env: createChildEnv(),
		execArgv: ["--import", "tsx"],
	});
	const interrupt = (): void => void child.kill("SIGINT");
	signal?.addEventListener("abort", interrupt);
	const ended = collectReports(child, onEvent);
	child.send({ project: createProject, command, options } satisfies Order);
	return ended.finally(() => signal?.removeEventListener("abort", interrupt));
}

/** Returns the outcome that the process reported, or what a killed process had reported until then. */
async function collectReports(child: ChildProcess, onEvent: OperationOptions["onEvent"]): Promise<Outcome> {
	const events: EngineEvent[] = [];
	let outcome: Outcome | undefined;
	child.on("message", (report: Report) => {
		if ("outcome" in report) {
			outcome = report.outcome;
			return;
		}
		events.push(report.event);
		onEvent?.(report.event);
	});
	const [[code]] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
	if (outcome !== undefined) return outcome;
	return { ...collect(events), exitCode: code ?? -1, output: "", stdout: "", stderr: "" };
}

/** The operations of a stack. */
export type Command = "preview" | "up" | "refresh" | "destroy";

/** What a process must run. */
export interface Order {
	readonly project: ProjectSpec;
	readonly command: Command;
	/** The options without those that no message can contain. */
	readonly options: Omit<OperationOptions, "signal" | "onEvent">;
}

/** A report of the process: an event, or the final outcome. */
export type Report = { readonly event: EngineEvent } | { readonly outcome: Outcome };
