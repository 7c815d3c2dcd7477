import { type ParseArgsConfig, parseArgs } from "node:util";
import { getErrorMessage, UsageError } from "./command.ts";
import type { StackLocation } from "./pulumiCli.ts";

/** Parses a command line with `parseArgs` of node:util. Throws a UsageError if an argument is unknown or incomplete. */
export function parseArguments<const Config extends ParseArgsConfig>(
	config: Config,
): ReturnType<typeof parseArgs<Config>> {
	try {
		return parseArgs(config);
	} catch (error) {
		throw new UsageError(getErrorMessage(error));
	}
}

/** The options that select a stack, or settings in place of its configuration. */
interface StackOptionValues {
	readonly stack?: string | undefined;
	readonly cwd?: string | undefined;
	readonly config?: readonly string[] | undefined;
}

/**
 * Returns the stack that `--stack` and `--cwd` select; undefined without `--stack`.
 *
 * @param configProblem the message for `--config` together with `--stack`
 * @throws UsageError if the options contradict each other
 */
export function parseStackOptions(
	{ stack, cwd, config = [] }: StackOptionValues,
	configProblem: string,
): StackLocation | undefined {
	if (stack === undefined) {
		if (cwd !== undefined) throw new UsageError("--cwd goes with --stack");
		return undefined;
	}
	if (stack === "") throw new UsageError("--stack is empty; name a stack");
	if (config.length > 0) throw new UsageError(configProblem);
	return { stack, folder: cwd ?? "." };
}

/**
 * Returns the values of `--config KEY=VALUE` by their full keys.
 *
 * @throws UsageError if one is not such a pair; its message does not repeat the value, which may be a secret
 */
export function parseSettings(pairs: readonly string[] = []): ReadonlyMap<string, string> {
	return new Map(pairs.map(parseSetting));
}

function parseSetting(text: string): [string, string] {
	const [, key, value] = /^(\w+:\w+)=(.*)$/s.exec(text) ?? [];
	if (key !== undefined && value !== undefined) return [key, value];
	throw new UsageError("--config takes KEY=VALUE, and the key has a namespace: iothub:hostName=<host>");
}

/** Returns the value of `--format`. Throws a UsageError if it is not one of the allowed names. */
export function parseFormat<const Name extends string>(text: string, names: readonly Name[]): Name {
	const name = names.find((candidate) => candidate === text);
	if (name !== undefined) return name;
	throw new UsageError(`--format is "${text}"; it takes ${names.join(names.length === 2 ? " or " : ", ")}`);
}
