import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const NEEDED = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** Returns the folder on PATH with the CLI and what it needs to run Node programs, or undefined. */
export async function findPulumi(): Promise<string | undefined> {
	for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
		const found = await Promise.all(NEEDED.map((name) => isExecutable(join(folder, name))));
		if (folder !== "" && found.every(Boolean)) return folder;
	}
	return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);

/** The CLI that is downloaded if PATH has none. The npm package `pulumi` has the versions of the CLI. */
const VERSION = "3.265.0";

/** Runs a command to its end; rejects if it fails. */
export type Run = (command: string, args: readonly string[]) => Promise<unknown>;

const execute: Run = (command, args) => promisify(execFile)(command, args);

/**
 * Makes sure that this process's PATH has a CLI: if it has none, the npm package `pulumi` downloads one into its cache
 * (`~/.pulumi/versions`, or below PULUMI_HOME), which requires access to get.pulumi.com.
 *
 * @returns the folder that was put on PATH, or undefined if a CLI was on it before
 * @throws Error if the download fails
 */
export async function installPulumi(run: Run = execute): Promise<string | undefined> {
	if ((await findPulumi()) !== undefined) return undefined;
	const before = process.env["PATH"] ?? "";
	const home = process.env["PULUMI_HOME"] || join(homedir(), ".pulumi");
	const folder = join(home, "versions", VERSION, "bin");
	process.env["PATH"] = `${folder}${delimiter}${before}`;
	if ((await findPulumi()) !== undefined) return folder;
	const failed = await run("npx", ["--yes", `pulumi@${VERSION}`, "version"]).then(
		() => undefined,
		(error: Error) => error,
	);
	if ((await findPulumi()) !== undefined) return folder;
	process.env["PATH"] = before;
	throw new Error(`There is no pulumi on PATH, and version ${VERSION} can't be downloaded`, {
		cause: failed,
	});
}
