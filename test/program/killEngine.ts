import { setTimeout as pause } from "node:timers/promises";
import type { RequestMatch } from "../emulator/emulator.ts";
import { listDescendants, listProcesses, type Process } from "../engine/cli/descendants.ts";
import type { OperationOptions, Outcome } from "../engine/index.ts";
import type { Site } from "./site.ts";

/** Milliseconds between two presses of Ctrl-C; two simultaneous signals count as one. */
const PRESSES = 1_000;

/** A way in which an engine ends. */
export interface End {
	readonly signals: readonly ("SIGKILL" | "SIGINT")[];
	/** Whether all processes that the engine started are killed with it, as when a machine or a container stops. */
	readonly isOfAll?: boolean;
	/** Whether the engine waits for what is under way. */
	readonly isPatient?: boolean;
}

/** A request of a run during which the engine ends. */
export interface Point {
	readonly match: RequestMatch;
	/** Whether the service does not handle the request before the engine has ended. */
	readonly isBefore?: boolean;
	readonly options?: OperationOptions;
}

/** What is left of a run whose engine ended. */
export interface Left {
	readonly outcome: Outcome;
	/** Kills the surviving processes that the engine had started. */
	clear(): void;
}

/** Runs `up`, and ends its engine while it waits for the response to a request. */
export async function endAtPoint({ emulator, stack }: Site, end: End, point: Point): Promise<Left> {
	const { gate } = emulator.control;
	gate.pause(point.match, point.isBefore === true ? "before" : "after");
	const running = stack.up({ ...point.options, parallel: 1 });
	const over = running.then(({ output }) => {
		throw new Error(`the run ended before any such request:\n${output}`);
	});
	await Promise.race([gate.waitForHeld(), over]);
	over.catch(() => undefined);
	const engine = findEngineProcess();
	const started = listDescendants(engine.pid);
	for (const signal of end.signals) {
		process.kill(engine.pid, signal);
		await pause(PRESSES);
	}
	if (end.isOfAll === true) killProcesses(started);
	if (end.isPatient !== true) await running;
	gate.resume();
	return { outcome: await running, clear: () => killProcesses(started) };
}

/** Returns the only engine below this process: the CLI, or a stand-in with a process of its own. */
function findEngineProcess(): Process {
	const [engine, ...others] = listDescendants(process.pid).filter(
		({ parent, command }) =>
			parent === process.pid && (/^pulumi\0/u.test(command) || command.includes("standIn/apart/process")),
	);
	if (engine === undefined || others.length > 0) throw new Error("there is not exactly one engine");
	return engine;
}

/** Kills those that are still running. */
function killProcesses(started: readonly Process[]): void {
	const commands = new Map(started.map(({ pid, command }) => [pid, command]));
	for (const { pid, command } of listProcesses()) {
		if (commands.get(pid) === command) process.kill(pid, "SIGKILL");
	}
}
