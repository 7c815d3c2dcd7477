import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError, getErrorMessage } from "./command.ts";

/** A stack of some project. */
export interface StackLocation {
	readonly stack: string;
	/** The project's folder, or one within it. */
	readonly folder: string;
}

/**
 * What a command of `pulumi` about a stack prints, which is JSON.
 *
 * @param args the command: `stack export --show-secrets`
 * @throws CommandError where there is no `pulumi`, or it says no
 */
export async function runPulumi({ stack, folder }: StackLocation, args: readonly string[]): Promise<unknown> {
	requireStackFolder(folder);
	const allArgs = [...args, "--stack", stack, "--non-interactive", "--color", "never"];
	const { code, stdout, stderr } = await runProcess(allArgs, folder);
	const description = `\`pulumi ${args.join(" ")}\` for the stack "${stack}" in ${resolve(folder)}`;
	if (code !== 0) throw new CommandError(`${description} failed: ${stderr.trim() || `exit code ${code}`}`);
	try {
		return JSON.parse(stdout);
	} catch {
		throw new CommandError(`${description} printed no JSON; is the \`pulumi\` on PATH the CLI?`);
	}
}

/** Without this a folder that does not exist would look like a missing `pulumi`. */
function requireStackFolder(folder: string): void {
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
	throw new CommandError(`--cwd names "${folder}", which is no folder here (${process.cwd()}).`);
}

interface ProcessResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

function runProcess(args: readonly string[], cwd: string): Promise<ProcessResult> {
	return new Promise((settle, reject) => {
		const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
		const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		const chunks = { stdout: [] as string[], stderr: [] as string[] };
		child.stdout.setEncoding("utf8").on("data", (text: string) => chunks.stdout.push(text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => chunks.stderr.push(text));
		child.once("error", (error) => reject(createStartError(error)));
		child.once("close", (code) =>
			settle({ code, stdout: chunks.stdout.join(""), stderr: chunks.stderr.join("") }),
		);
	});
}

function createStartError(error: Error): CommandError {
	const isMissing = "code" in error && error.code === "ENOENT";
	return new CommandError(
		isMissing
			? "There is no `pulumi` on PATH. Install the CLI, or export the state elsewhere and name it with --state."
			: `\`pulumi\` could not be started: ${getErrorMessage(error)}`,
		error,
	);
}
