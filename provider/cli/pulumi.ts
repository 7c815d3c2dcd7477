import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError, said } from "./command.ts";

/** A stack of some project. */
export interface StackName {
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
export async function askPulumi({ stack, folder }: StackName, args: readonly string[]): Promise<unknown> {
	requireFolder(folder);
	const all = [...args, "--stack", stack, "--non-interactive", "--color", "never"];
	const { code, out, err } = await ended(all, folder);
	const what = `\`pulumi ${args.join(" ")}\` for the stack "${stack}" in ${resolve(folder)}`;
	if (code !== 0) throw new CommandError(`${what} failed: ${err.trim() || `exit code ${code}`}`);
	try {
		return JSON.parse(out);
	} catch {
		throw new CommandError(`${what} printed no JSON; is the \`pulumi\` on PATH the CLI?`);
	}
}

/** Without this a folder that does not exist would look like a missing `pulumi`. */
function requireFolder(folder: string): void {
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
	throw new CommandError(`--cwd names "${folder}", which is no folder here (${process.cwd()}).`);
}

interface Ended {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

function ended(args: readonly string[], cwd: string): Promise<Ended> {
	return new Promise((settle, reject) => {
		const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
		const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		const output = { out: [] as string[], err: [] as string[] };
		child.stdout.setEncoding("utf8").on("data", (text: string) => output.out.push(text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => output.err.push(text));
		child.once("error", (error) => reject(notStarted(error)));
		child.once("close", (code) => settle({ code, out: output.out.join(""), err: output.err.join("") }));
	});
}

function notStarted(error: Error): CommandError {
	const missing = "code" in error && error.code === "ENOENT";
	return new CommandError(
		missing
			? "There is no `pulumi` on PATH. Install the CLI, or export the state elsewhere and name it with --state."
			: `\`pulumi\` could not be started: ${said(error)}`,
		error,
	);
}
