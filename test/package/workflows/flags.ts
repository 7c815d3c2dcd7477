import { readFileSync } from "node:fs";
import { getErrorMessage } from "../../../provider/cli/command.ts";
import { readDriftOptions } from "../../../provider/cli/drift.options.ts";
import type { Command } from "./commands.ts";
import { locateWorkflowFixture } from "./files.ts";

/** The flags of a command, long and short, and whether each takes the next word for its value. */
export type Flags = Readonly<Record<string, boolean>>;

/** What a version of Pulumi's CLI takes: the flags by command, `stack init` for example. */
export interface CommandLine {
	readonly version: string;
	readonly commands: Readonly<Record<string, Flags>>;
}

/** The record of the version that the example's files name, of the commands that they and its page use. */
export const RECORDED: CommandLine = JSON.parse(readFileSync(locateWorkflowFixture("pulumi.json"), "utf8"));

/** What is wrong with a command line: a command or a flag that its program does not have, a value that is missing. */
export function findMistakes(
	command: Command,
	pulumi: CommandLine["commands"] = RECORDED.commands,
): readonly string[] {
	return command.program === "pulumi" ? mistakesOfPulumi(command, pulumi) : mistakesOfDrift(command);
}

function mistakesOfPulumi({ words, text }: Command, commands: CommandLine["commands"]): readonly string[] {
	const name = Object.keys(commands).find((known) => `${words.join(" ")} `.startsWith(`${known} `));
	const flags = commands[name ?? ""];
	if (name === undefined || flags === undefined) return [`${text}: no such command is recorded`];
	const rest = words.slice(name.split(" ").length);
	return rest.flatMap((word, index) => {
		if (!word.startsWith("-")) return [];
		const [flag = "", value] = word.split("=", 2);
		const takesValue = flags[flag];
		if (takesValue === undefined) return [`${text}: ${name} has no ${flag}`];
		const next = value ?? rest[index + 1];
		return takesValue && (next === undefined || next.startsWith("-"))
			? [`${text}: ${flag} needs a value`]
			: [];
	});
}

/** Our own tool is asked itself. */
function mistakesOfDrift({ words: [name, ...args], text }: Command): readonly string[] {
	if (name !== "drift") return [`${text}: there is no such command`];
	try {
		readDriftOptions(args);
		return [];
	} catch (error) {
		return [`${text}: ${getErrorMessage(error)}`];
	}
}

/** The flags that the help of one of Pulumi's commands lists. */
export function parseFlags(help: string): Flags {
	const [, list = ""] = help.split(/^Flags:$/m);
	const lines = [...list.matchAll(/^ {2,6}(?:(-\w), )?(--[\w-]+)(?: (\S+))? {2,}/gm)];
	return Object.fromEntries(
		lines.flatMap(([, short, long, type]) => {
			const takesValue = type !== undefined && !type.includes("[=");
			return [short, long].flatMap((flag) => (flag === undefined ? [] : [[flag, takesValue] as const]));
		}),
	);
}
