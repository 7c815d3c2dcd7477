import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a command writes. */
export interface Terminal {
	/** What was asked for goes to standard output, as it is. */
	print(text: string): void;
	/** All else goes to standard error, as it is. */
	log(text: string): void;
}

/** What a command ends with: all is well, it could not do its work, or it did and found drift. */
export const EXIT_CODES = { success: 0, failure: 1, drift: 2 } as const;

/** One command of the tool. */
export interface Command {
	/** What it does, in a line of the tool's help. */
	readonly summary: string;
	/** What `--help` prints. */
	readonly help: string;
	/**
	 * Does the work.
	 *
	 * @param args what follows the command's name
	 * @returns the exit code, one of {@link EXIT_CODES}
	 * @throws UsageError for arguments that make no sense; CommandError where the world is in the way
	 */
	run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Arguments that make no sense. The message is followed by where the help is. */
export class UsageError extends Error {
	override readonly name = "UsageError";
	readonly code = "UsageError";
}

/** What keeps a command from doing its work at all: no stack of that name, an unreadable file. */
export class CommandError extends Error {
	override readonly name = "CommandError";
	readonly code = "CommandError";

	/** @param message what failed, for what, why, and what to do; complete as it stands */
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

/** What an error says to people. */
export function getErrorMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The version of this package; its manifest lies two folders up in the sources and in the build. */
export function readPackageVersion(): string {
	const manifest: { version: string } = JSON.parse(
		readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
	);
	return manifest.version;
}
