import { type ParseArgsConfig, parseArgs } from "node:util";
import { findSuggestion } from "../text/suggestions.ts";
import { getErrorMessage, UsageError } from "./command.ts";
import type { StackLocation } from "./pulumiCli.ts";
import type { StateSource } from "./stackState.ts";

/** Parses a command line with `parseArgs` of node:util. Throws a UsageError if an argument is unknown or incomplete. */
export function parseArguments<const Config extends ParseArgsConfig>(
	config: Config,
): ReturnType<typeof parseArgs<Config>> {
	try {
		return parseArgs(config);
	} catch (error) {
		throw new UsageError(describeArgumentProblem(error, config));
	}
}

/** Describes an error of `parseArgs`, whose own messages explain its syntax instead of the command's. */
function describeArgumentProblem(error: unknown, { options = {} }: ParseArgsConfig): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	const message = getErrorMessage(error);
	const option = /--[\w-]+|(?<=')-\w/.exec(message)?.[0] ?? "an option";
	if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
		const suggestion = findSuggestion(option.slice(2), Object.keys(options));
		return `${option} is not an option of this command${suggestion === undefined ? "" : `. Did you mean --${suggestion}?`}`;
	}
	if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
		const isFlag = options[option.slice(2)]?.type === "boolean";
		return isFlag ? `${option} must not have a value` : `${option} must have a value`;
	}
	// The argument is not repeated: it may be a secret whose option has a typing mistake.
	if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL")
		return "an argument does not belong to any option; every argument must follow an option that has a value";
	return message;
}

/** The options that select a stack, or settings in place of its configuration. */
interface StackOptionValues {
	readonly stack?: string | undefined;
	readonly cwd?: string | undefined;
	readonly config?: readonly string[] | undefined;
}

/** The options that select a stack or a file with its state. */
interface StateOptionValues extends StackOptionValues {
	readonly state?: string | undefined;
}

/**
 * Returns the stack that `--stack` and `--cwd` select; undefined without `--stack`.
 *
 * @throws UsageError if the options contradict each other
 */
export function parseStackOptions({ stack, cwd, config = [] }: StackOptionValues): StackLocation | undefined {
	if (stack === undefined) {
		if (cwd !== undefined) throw new UsageError("--cwd can only be used with --stack");
		return undefined;
	}
	if (stack === "") throw new UsageError("--stack must not be empty");
	if (config.length > 0)
		throw new UsageError(
			"--config cannot be used with --stack: the settings come from the stack's configuration",
		);
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
	throw new UsageError(
		"--config must be KEY=VALUE, and the key must have a namespace: iothub:hostName=<host>",
	);
}

/**
 * Returns the state that `--stack` or `--state` names.
 *
 * @param purpose what the command does with the state, as an infinitive: `compare`
 * @throws UsageError if neither or both of them are given, or the other options contradict them
 */
export function parseStateSource(values: StateOptionValues, purpose: string): StateSource {
	const { stack, state } = values;
	if (stack === undefined && state === undefined)
		throw new UsageError(
			`the state to ${purpose} is missing: name a stack with --stack NAME, or an export of its state with --state FILE`,
		);
	if (stack !== undefined && state !== undefined) throw new UsageError("--state cannot be used with --stack");
	return parseStackOptions(values) ?? { file: state ?? "", config: parseSettings(values.config) };
}

/** Returns the value of `--format`. Throws a UsageError if it is not one of the allowed names. */
export function parseFormat<const Name extends string>(text: string, names: readonly Name[]): Name {
	return parseChoice("format", text, names);
}

/** Returns the value of an option. Throws a UsageError if it is not one of the allowed ones. */
export function parseChoice<const Choice extends string>(
	option: string,
	text: string,
	choices: readonly Choice[],
): Choice {
	const choice = choices.find((candidate) => candidate === text);
	if (choice !== undefined) return choice;
	throw new UsageError(`--${option} must be ${formatAlternatives(choices)}, got "${text}"`);
}

/** Returns the value of an option that is a whole number from 1 to `max`. Throws a UsageError if it is not one. */
export function parseWholeNumber(option: string, text: string, max: number): number {
	if (/^[1-9]\d*$/.test(text) && Number(text) <= max) return Number(text);
	throw new UsageError(`--${option} must be a whole number of at least 1, got "${text}"`);
}

/** Formats `a, b or c`. */
function formatAlternatives(names: readonly string[]): string {
	return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((part) => part !== "").join(" or ");
}
