import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { CommandError, getErrorMessage } from "./command.ts";

/** A stack and the folder of its project. */
export interface StackLocation {
	readonly stack: string;
	/** The project's folder, or a folder inside it. */
	readonly folder: string;
}

/**
 * Runs a `pulumi` command for a stack and returns the JSON that it prints.
 *
 * @param args the command: `stack export --show-secrets`
 * @throws CommandError if `pulumi` is missing or fails
 */
export async function runPulumi({ stack, folder }: StackLocation, args: readonly string[]): Promise<unknown> {
	requireStackFolder(folder);
	const allArgs = [...args, "--stack", stack, "--non-interactive", "--color", "never"];
	const { code, stdout, stderr } = await runProcess(allArgs, folder);
	const description = `\`pulumi ${args.join(" ")}\` for the stack "${stack}" in ${resolvePath(folder)}`;
	if (code !== 0) throw new CommandError(`${description} failed: ${stderr.trim() || `exit code ${code}`}`);
	try {
		return JSON.parse(stdout);
	} catch {
		throw new CommandError(
			`${description} did not print JSON. Check that the \`pulumi\` on PATH is the Pulumi CLI.`,
		);
	}
}

/** Throws if the folder does not exist. Without this check it would look as if `pulumi` were missing. */
function requireStackFolder(folder: string): void {
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
	throw new CommandError(`--cwd must be a folder, got "${folder}" (in ${process.cwd()}).`);
}

interface ProcessResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

function runProcess(args: readonly string[], cwd: string): Promise<ProcessResult> {
	return new Promise((resolve, reject) => {
		const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
		const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		const chunks = { stdout: [] as string[], stderr: [] as string[] };
		child.stdout.setEncoding("utf8").on("data", (text: string) => chunks.stdout.push(text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => chunks.stderr.push(text));
		child.once("error", (error) => reject(createStartError(error)));
		child.once("close", (code) =>
			resolve({ code, stdout: chunks.stdout.join(""), stderr: chunks.stderr.join("") }),
		);
	});
}

function createStartError(error: Error): CommandError {
	const isMissing = "code" in error && error.code === "ENOENT";
	return new CommandError(
		isMissing
			? "`pulumi` is not on PATH. Install the CLI, or export the state elsewhere and name it with --state."
			: `\`pulumi\` could not be started: ${getErrorMessage(error)}`,
		error,
	);
}
