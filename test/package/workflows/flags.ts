import { readFileSync } from "node:fs";
import { getErrorMessage } from "../../../provider/cli/command.ts";
import { readDriftOptions } from "../../../provider/cli/drift.options.ts";
import type { Command } from "./commands.ts";
import { locateWorkflowFixture } from "./files.ts";

/** The flags of a command, long and short, and whether the next word is the value of the flag. */
export type Flags = Readonly<Record<string, boolean>>;

/** The flags that a version of Pulumi's CLI accepts, by command, for example `stack init`. */
export interface CommandLine {
	readonly version: string;
	readonly commands: Readonly<Record<string, Flags>>;
}

/** The recorded flags of the version that the example's files name, for the commands that the files and its page use. */
export const RECORDED: CommandLine = JSON.parse(readFileSync(locateWorkflowFixture("pulumi.json"), "utf8"));

/** Returns the mistakes in a command line: an unknown command, an unknown flag, or a missing value. */
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

/** Checks a command line of our own command with its own parser. */
function mistakesOfDrift({ words: [name, ...args], text }: Command): readonly string[] {
	if (name !== "drift") return [`${text}: there is no such command`];
	try {
		readDriftOptions(args);
		return [];
	} catch (error) {
		return [`${text}: ${getErrorMessage(error)}`];
	}
}

/** Parses the flags in the help of a Pulumi command. */
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
