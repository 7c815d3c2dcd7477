import type { Consistency } from "../resource/resourceType.ts";
import { parseArguments, parseFormat, parseSettings, parseStackOptions } from "./arguments.ts";
import { UsageError } from "./command.ts";
import { REPORT_FORMATTERS, type ReportFormatName } from "./drift.formats.ts";
import type { StateSource } from "./stackState.ts";

/** The parsed options of `drift`. */
export interface DriftOptions {
	readonly stateSource: StateSource;
	readonly format: ReportFormatName;
	readonly consistency: Consistency;
	/** The file to which reports assign their results. */
	readonly sourceFile: string;
	/** The file to which the report is written; standard output if undefined. */
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

type DriftValues = ReturnType<typeof parseDriftArgs>;

const FORMAT_NAMES = Object.keys(REPORT_FORMATTERS) as ReportFormatName[];

/** Parses the command line of `drift`. Throws a UsageError if it is invalid. */
export function readDriftOptions(args: readonly string[]): DriftOptions {
	const values = parseDriftArgs(args);
	return {
		stateSource: readStateSource(values),
		format: parseFormat(values.format ?? "table", FORMAT_NAMES),
		consistency: values.exact === true ? "strong" : "eventual",
		sourceFile: values.source ?? "Pulumi.yaml",
		outputFile: values.output,
	};
}

function parseDriftArgs(args: readonly string[]) {
	return parseArguments({ args, options: DRIFT_OPTIONS }).values;
}

function readStateSource(values: DriftValues): StateSource {
	if ((values.stack === undefined) === (values.state === undefined))
		throw new UsageError("name either a stack (--stack NAME) or a file with its state (--state FILE)");
	return (
		parseStackOptions(values, CONFIG_WITH_STACK) ?? {
			file: values.state ?? "",
			config: parseSettings(values.config),
		}
	);
}

const CONFIG_WITH_STACK = "--config goes with --state; a stack has a configuration of its own";

/** The text that `device-identity drift --help` prints. */
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
