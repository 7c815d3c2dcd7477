import { printable } from "../http/printable.ts";
import { explained } from "../presentable.ts";
import { adopt } from "./adopt.command.ts";
import { type Command, EXIT, said, type Terminal, UsageError } from "./command.ts";
import { drift } from "./drift.command.ts";
import { plan } from "./plan.command.ts";
import { packageVersion } from "./version.ts";

/** The name by which people call the tool. */
const TOOL = "device-identity";

/** The commands by name. */
const COMMANDS: Readonly<Record<string, Command>> = { drift, plan, adopt };

const HELP = `What there is to know about device identities without running a Pulumi program.

    ${TOOL} COMMAND [options]

${Object.entries(COMMANDS)
	.map(([name, { summary }]) => `    ${name.padEnd(12)}${summary}`)
	.join("\n")}

    ${TOOL} COMMAND --help tells what a command takes, ${TOOL} --version which version this is.
`;

/** What may stand instead of a command, and what it prints. */
const ANSWERS: ReadonlyMap<string, () => string> = new Map([
	["--help", () => HELP],
	["-h", () => HELP],
	["--version", () => `${packageVersion()}\n`],
]);

/**
 * Runs the command that the arguments name.
 *
 * @param args what follows the tool's name
 * @param raw gets nothing that a terminal would obey
 * @returns the exit code, one of {@link EXIT}; nothing is thrown
 */
export async function runTool(args: readonly string[], raw: Terminal): Promise<number> {
	const terminal = clean(raw);
	const [name = "", ...rest] = args[0] === "help" ? [...args.slice(1), "--help"] : args;
	const answer = ANSWERS.get(name);
	if (answer !== undefined) {
		terminal.print(answer());
		return EXIT.well;
	}
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (command === undefined) {
		const fault = name === "" ? "name a command" : `there is no command "${name}"`;
		terminal.tell(`${TOOL}: ${fault} [UsageError]\n\n${HELP}`);
		return EXIT.failed;
	}
	if (rest.includes("--help") || rest.includes("-h")) {
		terminal.print(command.help);
		return EXIT.well;
	}
	return guarded({ name, command }, rest, terminal);
}

/** The same terminal; what services and files say reaches it without what it would obey. */
function clean({ print, tell }: Terminal): Terminal {
	return { print: (text) => print(printable(text)), tell: (text) => tell(printable(text)) };
}

/** The help of a command is longer than many a window: beside it, the error would be out of sight. */
async function guarded(
	{ name, command }: { readonly name: string; readonly command: Command },
	args: readonly string[],
	terminal: Terminal,
): Promise<number> {
	try {
		return await command.run(args, terminal);
	} catch (error) {
		terminal.tell(`${TOOL}: ${isOfTheWorld(error) ? said(explained(error)) : stackOf(error)}\n`);
		if (error instanceof UsageError) terminal.tell(`\n${TOOL} ${name} --help tells what it takes.\n`);
		return EXIT.failed;
	}
}

/** What the world did has a code; a fault of ours has none, and keeps its stack. */
function isOfTheWorld(error: unknown): boolean {
	return error instanceof Error && "code" in error;
}

function stackOf(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
