import { parseArgs } from "node:util";
import type { Consistency } from "../lifecycle/kind.ts";
import { getErrorMessage, UsageError } from "./command.ts";
import { REPORT_FORMATTERS, type ReportFormatName } from "./formats.ts";
import type { StateSource } from "./stackState.ts";

/** What the command line of `drift` asks for. */
export interface DriftOptions {
	readonly stateSource: StateSource;
	readonly format: ReportFormatName;
	readonly consistency: Consistency;
	/** The file to which reports pin what they find. */
	readonly sourceFile: string;
	/** The file to write the report to, if not standard output. */
	readonly outputFile: string | undefined;
}

const DRIFT_OPTIONS = {
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
	const { stateSource, format = "table", exact = false, source = "Pulumi.yaml", output } = parseDriftArgs(args);
	return { stateSource, format: parseReportFormat(format), consistency: exact ? "exactly" : "recent", sourceFile: source, outputFile: output };
}

function parseDriftArgs(args: readonly string[]) {
	try {
		const { values } = parseArgs({ args: [...args], options: DRIFT_OPTIONS });
		return { ...values, stateSource: readStateSource(values) };
	} catch (error) {
		throw error instanceof UsageError ? error : new UsageError(getErrorMessage(error));
	}
}

interface StateSourceValues {
	readonly stack?: string;
	readonly cwd?: string;
	readonly state?: string;
	readonly config?: string[];
}

function readStateSource({ stack, cwd, state, config }: StateSourceValues): StateSource {
	if ((stack === undefined) === (state === undefined))
		throw new UsageError("name either a stack (--stack NAME) or a file with its state (--state FILE)");
	if (stack !== undefined) {
		if (stack === "") throw new UsageError("--stack is empty; name a stack");
		if (config !== undefined)
			throw new UsageError("--config goes with --state; a stack has a configuration of its own");
		return { stack, folder: cwd ?? "." };
	}
	if (cwd !== undefined) throw new UsageError("--cwd goes with --stack");
	return { file: state ?? "", config: new Map((config ?? []).map(parseSetting)) };
}

/**
 * A setting as the command line has it, with its full key. Throws a UsageError where it is none; the value stays unsaid, for
 * it may be a secret.
 */
export function parseSetting(text: string): [string, string] {
	const [, key, value] = /^(\w+:\w+)=(.*)$/s.exec(text) ?? [];
	if (key !== undefined && value !== undefined) return [key, value];
	throw new UsageError("--config takes KEY=VALUE, and the key has a namespace: iothub:hostName=<host>");
}

function parseReportFormat(text: string): ReportFormatName {
	const names = Object.keys(REPORT_FORMATTERS) as ReportFormatName[];
	const name = names.find((candidate) => candidate === text);
	if (name !== undefined) return name;
	throw new UsageError(`--format is "${text}"; it takes ${names.join(", ")}`);
}
