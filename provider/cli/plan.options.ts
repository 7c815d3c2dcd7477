import { MACHINE_PROPERTIES } from "../files/autopilotCsv.ts";
import { type CsvColumnOptions, findColumnProblem } from "../files/csvOptions.ts";
import { FLEET_COLUMN_TITLES } from "../files/fleetFile.csv.ts";
import type { FleetFileOptions } from "../files/fleetFile.ts";
import { type HubSize, readConfiguredHubSize } from "../iothub/forecast.ts";
import { SERIAL_MISMATCH_POLICIES, type SerialMismatchPolicy } from "../rules/machineSerial.ts";
import { parseArguments, parseFormat, parseWholeNumber } from "./arguments.ts";
import { UsageError } from "./command.ts";

/** The parsed options of `plan`. */
export interface PlanOptions {
	readonly file: string;
	/** How to read columns that the format does not have, and which gateways are outside the file. */
	readonly fileOptions: FleetFileOptions;
	/** What to do about a serial number that is not the one in the hash. */
	readonly onSerialNumberMismatch: SerialMismatchPolicy;
	/** The hub's edition and units; undefined for a list of machines. */
	readonly hub: HubSize | undefined;
	/** The longest time, in milliseconds, that counts as fast enough. */
	readonly withinMs: number;
	/** The time that one response takes, in milliseconds. */
	readonly latencyMs: number;
	/** The value of `pulumi up --parallel`. */
	readonly parallel: number;
	/** Whether previews and refreshes read the identity registry, because twins cannot be read. */
	readonly registryOnly: boolean;
	readonly format: "table" | "json";
}

const PLAN_OPTIONS = {
	sku: { type: "string" },
	units: { type: "string" },
	within: { type: "string" },
	latency: { type: "string" },
	parallel: { type: "string" },
	"registry-only": { type: "boolean" },
	autopilot: { type: "boolean" },
	"ignore-column": { type: "string", multiple: true },
	column: { type: "string", multiple: true },
	gateway: { type: "string", multiple: true },
	"on-serial-number-mismatch": { type: "string" },
	format: { type: "string" },
} as const;

/** Options that are valid for a fleet of devices only, and for a list of machines only. */
const DEVICE_FLEET_ONLY_OPTIONS = ["sku", "units", "within", "registry-only", "gateway"] as const;
const MACHINE_LIST_ONLY_OPTIONS = ["parallel", "on-serial-number-mismatch"] as const;

/** Parses the command line of `plan`. Throws a UsageError if it is invalid, a ConfigurationError if the hub's size is. */
export function readPlanOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): PlanOptions {
	const { values, positionals } = parseArguments({ args, options: PLAN_OPTIONS, allowPositionals: true });
	const [file, ...others] = positionals;
	if (file === undefined || file === "") throw new UsageError("the file to plan is missing");
	if (others.length > 0) throw new UsageError("only one file can be planned at a time");
	const isAutopilot = values.autopilot === true;
	for (const name of isAutopilot ? DEVICE_FLEET_ONLY_OPTIONS : MACHINE_LIST_ONLY_OPTIONS) {
		if (values[name] === undefined) continue;
		throw new UsageError(`--${name} ${isAutopilot ? "cannot" : "can only"} be used with --autopilot`);
	}
	return {
		file,
		hub: isAutopilot ? undefined : parseHubOptions(values, env),
		fileOptions: {
			...parseColumnOptions(values, isAutopilot ? MACHINE_PROPERTIES : FLEET_COLUMN_TITLES),
			...(values.gateway && { gateways: values.gateway }),
		},
		onSerialNumberMismatch: parseMismatchPolicy(values["on-serial-number-mismatch"] ?? "fail"),
		withinMs: parseWholeNumber("within", values.within ?? "10", MAX_NUMBER) * 60_000,
		latencyMs: parseWholeNumber("latency", values.latency ?? "100", MAX_NUMBER),
		parallel: parseWholeNumber("parallel", values.parallel ?? "100", MAX_NUMBER),
		registryOnly: values["registry-only"] === true,
		format: parseFormat(values.format ?? "table", ["table", "json"]),
	};
}

function parseMismatchPolicy(text: string): SerialMismatchPolicy {
	const policy = SERIAL_MISMATCH_POLICIES.find((name) => name === text);
	if (policy === undefined)
		throw new UsageError(`--on-serial-number-mismatch must be fail or accept, got "${text}"`);
	return policy;
}

/** Returns how to read columns. Throws a UsageError if one is mapped to a name that is not one of the known columns. */
function parseColumnOptions(
	values: { "ignore-column"?: readonly string[]; column?: readonly string[] },
	knownColumns: readonly string[],
): CsvColumnOptions {
	const columnOptions = {
		ignoreColumns: values["ignore-column"] ?? [],
		columns: parseColumnMappings(values.column),
	};
	const problem = findColumnProblem(columnOptions, knownColumns);
	if (problem !== undefined) throw new UsageError(problem);
	return columnOptions;
}

/** Returns the columns that `--column TITLE=NAME` maps: the format's names by the file's. */
function parseColumnMappings(pairs: readonly string[] = []): Readonly<Record<string, string>> {
	const columns = new Map<string, string>();
	for (const pair of pairs) {
		// A title may contain an equals sign, a name of a format does not.
		const [, title, name] = /^(.+)=([^=]+)$/s.exec(pair) ?? [];
		if (title === undefined || name === undefined)
			throw new UsageError(
				`--column must be TITLE=NAME, for example --column "Device Name=deviceId", got "${pair}"`,
			);
		if (columns.has(title)) throw new UsageError(`--column maps the column "${title}" twice`);
		columns.set(title, name);
	}
	return Object.fromEntries(columns);
}

/** Returns the hub's size. Options take precedence over the environment, as the stack's configuration does. */
function parseHubOptions(
	{ sku, units }: { sku?: string; units?: string },
	env: Readonly<Record<string, string | undefined>>,
): HubSize {
	const givenSettings: Readonly<Record<string, string | undefined>> = {
		"iothub:sku": sku,
		"iothub:units": units,
	};
	if (sku === undefined && !env["IOTHUB_SKU"])
		throw new UsageError(
			"the hub's edition is missing: add --sku S1, or set the environment variable IOTHUB_SKU",
		);
	try {
		return readConfiguredHubSize({ config: (key) => givenSettings[key] || undefined, env });
	} catch (error) {
		throw describeByOption(error, givenSettings);
	}
}

/** Returns the error about a setting as one about the option that gave the setting's value. */
function describeByOption(
	error: unknown,
	givenSettings: Readonly<Record<string, string | undefined>>,
): unknown {
	const key = error instanceof Error && "key" in error ? String(error.key) : "";
	if (!(error instanceof Error) || givenSettings[key] === undefined) return error;
	return new UsageError(error.message.replace(key, key.replace("iothub:", "--")));
}

/** The largest number that an option can have. */
const MAX_NUMBER = 9_999_999;

/** The text that `device-identity plan --help` prints. */
export const PLAN_HELP = `Estimates how long a file of devices or machines takes to deploy, and what limits the speed.
Works offline: it sends no request to the hub or Intune, and does not run Pulumi.

    device-identity plan FILE --sku S1 [--units 2] [options]
    device-identity plan FILE --autopilot [options]

    FILE                a fleet as readFleet reads it; with --autopilot, a CSV as readAutopilotCsv reads it
    --ignore-column TITLE
                        ignores a column that the format does not have, as the reader's option ignoreColumns does; can be
                        repeated
    --column TITLE=NAME reads a column that the file names differently, as the reader's option columns does; can be repeated:
                        --column "Device Name=deviceId"
    --gateway ID        a gateway that is not in the file and is the parent of devices in it, as the reader's option gateways
                        names it; can be repeated
    --sku EDITION       the hub's edition: F1, B1, B2, B3, S1, S2 or S3 (default: IOTHUB_SKU)
    --units NUMBER      how many units the hub has (default: IOTHUB_UNITS, or 1)
    --within MINUTES    for operations that take longer, suggests a hub that is fast enough (default: 10)
    --registry-only     assumes that previews and refreshes read the identity registry, device by device, because the policy
                        or role cannot read twins (no ServiceConnect), or the hub has a basic edition
    --parallel NUMBER   with --autopilot, the value of \`pulumi up --parallel\` (default: 100); an AutopilotFleet processes 500
                        machines at a time, regardless of that value
    --on-serial-number-mismatch POLICY
                        with --autopilot, fail (default) reports a serial number that is not the one in the hash; accept reads it, as the
                        reader's option onSerialNumberMismatch does
    --latency MS        how long a response takes, in milliseconds (default: 100)
    --format FORMAT     table (default) or json
    --help              prints this help

The times assume that nobody else uses the hub: the provider itself stays below the hub's throttles. A change of all devices
counts two registry operations for each, because a fleet keeps no keys and must read a device before it writes it. \`pulumi up\`
runs a preview first, and reads again before it writes.

The last column says what limits the speed:

    registry operations, 1.67 a second     the hub accepts no more of these requests; more units or another edition help
    waiting for responses, 8 at a time     the hub would accept more, but the provider limits its concurrent requests, and each takes
                                           the time of --latency; more units do not help
    waiting for Intune's imports           an import usually takes a minute, and at most 15
    waiting for Intune's deletions         a deleted machine usually stays listed for a few minutes (counted as 3), and for at most half
                                           an hour; Pulumi waits until it is gone

Exit code: 0 if the file can be deployed; 1 if the file has errors or the hub cannot hold that many devices.

--format json prints one object. Members may be added; "version" is increased if one is removed or changes its meaning.

    version      1
    file         the file
    devices      how many devices it has
    machines     with --autopilot, how many machines it has
    gateways     how many of the devices are gateways
    levels       how many levels of parents and children the devices have
    sku, units   the hub
    faults       a list of strings: why the hub cannot hold the fleet
    operations   a list:
      operation    "create", "preview", "refresh", "change" or "destroy"
      requests     how many requests by meter: "registry", "query", "twin", "write"
      seconds      how long it takes
      maxSeconds   how long it takes if Intune is slow; only for operations that wait for Intune
      bound        what limits the speed: a meter, or "inFlight", "imports" or "deletions" for waiting
      rate         if a meter limits it: how many requests a second the meter allows
      concurrency  if waiting limits it: how many requests, imports or deletions are in progress at a time
      fastEnough   if it takes longer than --within: the smallest hubs that are fast enough, a list of sku and units
`;
