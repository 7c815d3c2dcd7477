import { spawn } from "node:child_process";
import { createChildEnv } from "../engine/processes.ts";

/** The result of a command. */
export interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	/** Both streams, in the order of arrival. */
	readonly output: string;
}

/** Where a command runs. */
export interface Place {
	readonly folder: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, with any exit code. */
export function runToEnd(command: string, args: readonly string[], { folder, env }: Place): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: folder,
			env: createChildEnv(env),
			stdio: ["ignore", "pipe", "pipe"],
		});
		let [stdout, output] = ["", ""];
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			stdout += text;
			output += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, stdout, output }));
	});
}

/**
 * Runs a command that must succeed.
 *
 * @returns its standard output
 * @throws Error with its whole output if it exits with another code than 0
 */
export async function runSuccessfully(
	command: string,
	args: readonly string[],
	place: Place,
): Promise<string> {
	const { code, stdout, output } = await runToEnd(command, args, place);
	if (code !== 0) throw new Error(`${[command, ...args].join(" ")} exited with ${code}:\n${output}`);
	return stdout;
}
