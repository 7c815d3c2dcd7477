import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a command writes. */
export interface Terminal {
	/** Writes a result to standard output. */
	print(text: string): void;
	/** Writes messages and errors to standard error. */
	log(text: string): void;
}

/** Exit codes: the command succeeded, failed, or succeeded and found drift. */
export const EXIT_CODES = { success: 0, failure: 1, drift: 2 } as const;

/** A command of `device-identity`. */
export interface Command {
	/** One line for the list of commands. */
	readonly summary: string;
	/** The text that `--help` prints. */
	readonly help: string;
	/**
	 * Runs the command.
	 *
	 * @param args the arguments after the command's name
	 * @returns the exit code, one of {@link EXIT_CODES}
	 * @throws UsageError if the arguments are invalid; CommandError if a file, Pulumi or a service prevents the work
	 */
	run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Invalid arguments. The message is followed by a pointer to the help. */
export class UsageError extends Error {
	override readonly name = "UsageError";
	readonly code = "UsageError";
}

/** The command cannot do its work: there is no such stack, or a file is unreadable. */
export class CommandError extends Error {
	override readonly name = "CommandError";
	readonly code = "CommandError";

	/** @param message the complete message: the operation that failed, the reason, and the remedy */
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

/** Returns the message of an error, or a thrown value as text. */
export function getErrorMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Returns the version of this package. Its manifest is two folders up, in the sources and in the build alike. */
export function readPackageVersion(): string {
	const manifest: { version: string } = JSON.parse(
		readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
	);
	return manifest.version;
}
