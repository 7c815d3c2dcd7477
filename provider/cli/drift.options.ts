import type { Consistency } from "../resource/resourceType.ts";
import { parseArguments, parseFormat, parseStateSource } from "./arguments.ts";
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

const FORMAT_NAMES = Object.keys(REPORT_FORMATTERS) as ReportFormatName[];

/** Parses the command line of `drift`. Throws a UsageError if it is invalid. */
export function readDriftOptions(args: readonly string[]): DriftOptions {
	const values = parseDriftArgs(args);
	return {
		stateSource: parseStateSource(values, "compare"),
		format: parseFormat(values.format ?? "table", FORMAT_NAMES),
		consistency: values.exact === true ? "strong" : "eventual",
		sourceFile: values.source ?? "Pulumi.yaml",
		outputFile: values.output,
	};
}

function parseDriftArgs(args: readonly string[]) {
	return parseArguments({ args, options: DRIFT_OPTIONS }).values;
}

/** The text that `device-identity drift --help` prints. */
export const DRIFT_HELP = `Reports which devices and machines of a stack were changed, deleted or created again outside Pulumi since the last deployment.
Writes nothing to the hub, the tenant or the stack's state.

    device-identity drift --stack NAME [--cwd DIR] [options]
    device-identity drift --state FILE [--config KEY=VALUE ...] [options]

    --stack NAME        the stack; \`pulumi\` supplies its state and configuration, from any backend
    --cwd DIR           the project's folder (default: the current one)
    --state FILE        the output of \`pulumi stack export --show-secrets\`; settings come from the environment
                        (a hub that only the file names gets no request, unless it is a host of the cloud or
                        iothub:endpoint names it)
    --config KEY=VALUE  with --state, a setting: iothub:hostName=my-hub.azure-devices.net; put secrets in the
                        environment, where other users of the machine cannot see them
    --exact             reads each object separately (default: reads lists, and confirms what looks changed)
    --format FORMAT     table (default), json, sarif (2.1.0, for code scanning) or markdown (for a comment)
    --source FILE       the file to which SARIF assigns its results, below the repository (default: Pulumi.yaml)
    --output FILE       the file to write the report to (default: standard output)
    --help              prints this help

Exit code: 0 without drift, 2 with drift, 1 if anything could not be read.

Every format lists each device and machine that drifted, including members of fleets, with the kind of drift and its severity:

    changed     warning  somebody else changed a declared field (even if a refresh already recorded it in state), or rotated keys
    deleted     error    the object no longer exists
    recreated   error    the object was deleted and created again under the same id
    unreadable  warning  the object could not be read; it is not known whether it drifted

Secrets are shown by fingerprint. An export without --show-secrets is accepted; the report then says how many encrypted fields
could not be compared.

--format json prints one object. Members may be added; "version" is increased if one is removed or changes its meaning.

    version      1
    stack        the stack, if --stack names it
    checked      how many resources the stack manages; a fleet counts as one
    drifted      how many of these were changed, deleted or created again
    failed       how many of these could not be read
    withheld     how many encrypted fields could not be compared
    devices      counts of devices, on their own and in fleets:
      checked, changed, deleted, recreated, unreadable
    machines     the same counts for machines of Windows Autopilot
    resources    a list of the resources that are not as they were deployed, by URN:
      urn, type, name, id, label
      hubHostName  the hub, for devices
      status       "changed", "deleted", "recreated" or "unreadable"; a fleet is "changed" whatever happened to its members
      severity     "error" or "warning"; for a fleet, the highest of its members
      successor    the id of a later object for the same device or machine, if one exists
      differences  a list of the declared fields that differ; in a fleet, the path begins with the member's name:
        path         the field's path
        last         the value at the last deployment, or null for none
        live         the value now, or null
        declared     the declared value, or null
        secret       true if the three values are fingerprints
      message      the message for people; for a fleet, the messages of its first 20 members
      counts       for a fleet, the counts of its members, as in "devices"
      members      for a fleet, a list of the members that are not as they were deployed, the errors first, then by name:
        name, label, status, severity, successor, differences, message

--format sarif has one result for each device or machine, under the rules drift/changed, drift/deleted, drift/recreated and
drift/unreadable; the logical location of a member of a fleet is FLEET/NAME.
`;
