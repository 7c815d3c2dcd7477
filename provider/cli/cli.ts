import { toPrintable } from "../text/sanitize.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { prepareErrorForUser } from "../userErrors.ts";
import { adoptCommand } from "./adopt.command.ts";
import {
	type Command,
	EXIT_CODES,
	getErrorMessage,
	readPackageVersion,
	type Terminal,
	UsageError,
} from "./command.ts";
import { driftCommand } from "./drift.command.ts";
import { planCommand } from "./plan.command.ts";
import { rotatedCommand } from "./rotated.command.ts";

/** The name of the command. */
const CLI_NAME = "device-identity";

/** The commands by name. */
const COMMANDS: Readonly<Record<string, Command>> = {
	drift: driftCommand,
	plan: planCommand,
	adopt: adoptCommand,
	rotated: rotatedCommand,
};

const CLI_HELP = `Inspects and adopts device identities without running a Pulumi program.

    ${CLI_NAME} COMMAND [options]

${Object.entries(COMMANDS)
	.map(([name, { summary }]) => `    ${name.padEnd(12)}${summary}`)
	.join("\n")}

    ${CLI_NAME} COMMAND --help prints the options of a command, ${CLI_NAME} --version the version of the package.
`;

/** Options that are allowed in place of a command, and the text that each prints. */
const INFO_FLAGS: ReadonlyMap<string, () => string> = new Map([
	["--help", () => CLI_HELP],
	["-h", () => CLI_HELP],
	["--version", () => `${readPackageVersion()}\n`],
]);

/**
 * Runs the command that the arguments name.
 *
 * @param args the arguments after the command's own name
 * @param rawTerminal receives only text without control characters
 * @returns the exit code, one of {@link EXIT_CODES}; errors are reported, never thrown
 */
export async function runCli(args: readonly string[], rawTerminal: Terminal): Promise<number> {
	const terminal = sanitizeTerminal(rawTerminal);
	const [name = "", ...rest] = args[0] === "help" ? [...args.slice(1), "--help"] : args;
	const getInfoText = INFO_FLAGS.get(name);
	if (getInfoText !== undefined) {
		terminal.print(getInfoText());
		return EXIT_CODES.success;
	}
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (command === undefined) {
		const problem = describeUnknownCommand(name);
		terminal.log(`${CLI_NAME}: ${problem} [UsageError]\n\n${CLI_HELP}`);
		return EXIT_CODES.failure;
	}
	if (rest.includes("--help") || rest.includes("-h")) {
		terminal.print(command.help);
		return EXIT_CODES.success;
	}
	return runCommand({ name, command }, rest, terminal);
}

function describeUnknownCommand(name: string): string {
	if (name === "") return "a command is missing";
	const suggestion = findSuggestion(name, Object.keys(COMMANDS));
	return `"${name}" is not a command${suggestion === undefined ? "" : `. Did you mean "${suggestion}"?`}`;
}

/** Returns a terminal that removes control characters from everything written to it: services and files supply the text. */
function sanitizeTerminal({ print, log }: Terminal): Terminal {
	return { print: (text) => print(toPrintable(text)), log: (text) => log(toPrintable(text)) };
}

/** Runs a command and reports its error. The help is not printed with it: it is long enough to push the error out of view. */
async function runCommand(
	{ name, command }: { readonly name: string; readonly command: Command },
	args: readonly string[],
	terminal: Terminal,
): Promise<number> {
	try {
		return await command.run(args, terminal);
	} catch (error) {
		terminal.log(
			`${CLI_NAME}: ${hasErrorCode(error) ? getErrorMessage(prepareErrorForUser(error)) : formatStack(error)}\n`,
		);
		if (error instanceof UsageError) terminal.log(`\nRun "${CLI_NAME} ${name} --help" for the options.\n`);
		return EXIT_CODES.failure;
	}
}

/** Whether the error has a code. Expected failures have one; a bug has none and is printed with its stack. */
function hasErrorCode(error: unknown): boolean {
	return error instanceof Error && "code" in error;
}

function formatStack(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
