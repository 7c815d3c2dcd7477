import { spawn } from "node:child_process";
import { PeakMemory } from "../processes.ts";
import { sampleDescendants } from "./descendants.ts";

/** A command of the CLI. */
export interface Command {
	readonly args: readonly string[];
	readonly folder: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly signal?: AbortSignal | undefined;
	readonly input?: string;
}

/** The result of a command. */
export interface Ended {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly providerPeakMemory: number | undefined;
	readonly programPeakMemory: number | undefined;
}

const SAMPLE_EVERY = 250;

/** Runs the CLI; an abort interrupts it as Ctrl-C does. */
export async function runPulumi({ args, folder, env, signal, input }: Command): Promise<Ended> {
	const child = spawn("pulumi", args, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
	const memory = { provider: new PeakMemory(), program: new PeakMemory() };
	const timer = setInterval(() => sampleDescendants(child.pid, memory), SAMPLE_EVERY).unref();
	const interrupt = (): void => void child.kill("SIGINT");
	signal?.addEventListener("abort", interrupt);
	const output = { stdout: "", stderr: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
	child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
	child.stdin.end(input);
	const exitCode = await new Promise<number>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code) => resolve(code ?? -1));
	});
	clearInterval(timer);
	signal?.removeEventListener("abort", interrupt);
	return {
		...output,
		exitCode,
		providerPeakMemory: memory.provider.bytes,
		programPeakMemory: memory.program.bytes,
	};
}
