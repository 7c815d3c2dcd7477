import { parseArgs } from "node:util";
import type { Exactness } from "../lifecycle/kind.ts";
import { said, UsageError } from "./command.ts";
import { FORMATS, type FormatName } from "./formats.ts";
import type { Origin } from "./stackState.ts";

/** What the command line of `drift` asks for. */
export interface DriftOptions {
	readonly origin: Origin;
	readonly format: FormatName;
	readonly how: Exactness;
	/** The file to which reports pin what they find. */
	readonly source: string;
	/** The file to write the report to, if not standard output. */
	readonly output: string | undefined;
}

const OPTIONS = {
	stack: { type: "string" },
	cwd: { type: "string" },
	state: { type: "string" },
	config: { type: "string", multiple: true },
	format: { type: "string" },
	exact: { type: "boolean" },
	source: { type: "string" },
	output: { type: "string" },
} as const;

/** Reads the command line of `drift`. Throws a UsageError for one that makes no sense. */
export function readDriftOptions(args: readonly string[]): DriftOptions {
	const { origin: given, format = "table", exact = false, source = "Pulumi.yaml", output } = parsed(args);
	return { origin: given, format: formatNamed(format), how: exact ? "exactly" : "recent", source, output };
}

function parsed(args: readonly string[]) {
	try {
		const { values } = parseArgs({ args: [...args], options: OPTIONS });
		return { ...values, origin: originOf(values) };
	} catch (error) {
		throw error instanceof UsageError ? error : new UsageError(said(error));
	}
}

interface Given {
	readonly stack?: string;
	readonly cwd?: string;
	readonly state?: string;
	readonly config?: string[];
}

function originOf({ stack, cwd, state, config }: Given): Origin {
	if ((stack === undefined) === (state === undefined))
		throw new UsageError("name either a stack (--stack NAME) or a file with its state (--state FILE)");
	if (stack !== undefined) {
		if (stack === "") throw new UsageError("--stack is empty; name a stack");
		if (config !== undefined)
			throw new UsageError("--config goes with --state; a stack has a configuration of its own");
		return { stack, folder: cwd ?? "." };
	}
	if (cwd !== undefined) throw new UsageError("--cwd goes with --stack");
	return { file: state ?? "", config: new Map((config ?? []).map(settingIn)) };
}

/**
 * A setting as the command line has it, with its full key. Throws a UsageError where it is none; the value stays unsaid, for
 * it may be a secret.
 */
export function settingIn(text: string): [string, string] {
	const [, key, value] = /^(\w+:\w+)=(.*)$/s.exec(text) ?? [];
	if (key !== undefined && value !== undefined) return [key, value];
	throw new UsageError("--config takes KEY=VALUE, and the key has a namespace: iothub:hostName=<host>");
}

function formatNamed(text: string): FormatName {
	const names = Object.keys(FORMATS) as FormatName[];
	const name = names.find((candidate) => candidate === text);
	if (name !== undefined) return name;
	throw new UsageError(`--format is "${text}"; it takes ${names.join(", ")}`);
}
