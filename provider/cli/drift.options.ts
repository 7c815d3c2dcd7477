import { parseArgs } from "node:util";
import type { Consistency } from "../resource/resourceType.ts";
import { getErrorMessage, UsageError } from "./command.ts";
import { REPORT_FORMATTERS, type ReportFormatName } from "./drift.formats.ts";
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
	const {
		stateSource,
		format = "table",
		exact = false,
		source = "Pulumi.yaml",
		output,
	} = parseDriftArgs(args);
	return {
		stateSource,
		format: parseReportFormat(format),
		consistency: exact ? "strong" : "eventual",
		sourceFile: source,
		outputFile: output,
	};
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

/** What `device-identity drift --help` prints. */
export const DRIFT_HELP = `Compares the objects of a stack with what its state has of them. Writes nothing, neither there nor in the state.

    device-identity drift --stack NAME [--cwd DIR] [options]
    device-identity drift --state FILE [--config KEY=VALUE ...] [options]

    --stack NAME        the stack; its state and configuration come from \`pulumi\`, whatever the backend
    --cwd DIR           the project's folder (default: the current one)
    --state FILE        what \`pulumi stack export --show-secrets\` wrote; settings come from the environment
    --config KEY=VALUE  with --state, a setting: iothub:hostName=my-hub.azure-devices.net; secrets belong in the
                        environment, where other users of the machine don't see them
    --exact             asks for every object by itself; by default lists are read, and what looks changed is confirmed
    --format FORMAT     table (default), json, sarif (2.1.0, for code scanning) or markdown (for a comment)
    --source FILE       the file to which SARIF pins its results, below the repository (default: Pulumi.yaml)
    --output FILE       where to write the report (default: standard output)
    --help              print this

Exit code: 0 without drift, 2 with drift, 1 where anything could not be read.

Drift is a declared field that somebody else changed, and so it stays when a refresh took it into state; an object that
was deleted, or deleted and created again; keys that were rotated. Secrets are shown by fingerprint. An export without
--show-secrets will do; how many encrypted fields could not be compared is said.

--format json prints one object. Members may be added; "version" counts up when one goes or changes its meaning.

    version      1
    stack        the stack, where it was named
    checked      how many objects the stack manages; of these
    drifted      how many were changed, deleted or created again, and
    failed       how many could not be read
    withheld     how many encrypted fields could not be compared
    resources    a list of the objects that are not as they were deployed, by URN:
      urn, type, name, id, label
      status       "changed", "deleted", "recreated" or "unreadable"
      successor    the id of a later object for the same thing, where there is one
      differences  a list of the declared fields that differ:
        path         of the field
        last         the value at the last deployment, or null for none
        live         the value now, or null
        declared     the declared value, or null
        secret       true where the three values are fingerprints
      message      what there is to say to people
`;
