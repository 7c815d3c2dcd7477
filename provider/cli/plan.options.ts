import { type HubSize, readConfiguredHubSize } from "../iothub/forecast.ts";
import { parseArguments, parseFormat } from "./arguments.ts";
import { UsageError } from "./command.ts";

/** The parsed options of `plan`. */
export interface PlanOptions {
	readonly file: string;
	/** The hub's edition and units; undefined for a list of machines. */
	readonly hub: HubSize | undefined;
	/** The time within which an operation is fast enough. */
	readonly withinMs: number;
	/** The time that one response takes. */
	readonly latencyMs: number;
	/** The value of `pulumi up --parallel`. */
	readonly parallel: number;
	/** Whether previews and refreshes read the identity registry, because twins may not be read. */
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
	format: { type: "string" },
} as const;

/** Options that are valid for a fleet of devices only, and for a list of machines only. */
const DEVICE_FLEET_ONLY_OPTIONS = ["sku", "units", "within", "registry-only"] as const;
const MACHINE_LIST_ONLY_OPTIONS = ["parallel"] as const;

/** Parses the command line of `plan`. Throws a UsageError if it is invalid, a ConfigurationError if the hub's size is. */
export function readPlanOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): PlanOptions {
	const { values, positionals } = parseArguments({ args, options: PLAN_OPTIONS, allowPositionals: true });
	const [file, ...others] = positionals;
	if (file === undefined || file === "" || others.length > 0) throw new UsageError("name one file");
	const isAutopilot = values.autopilot === true;
	for (const name of isAutopilot ? DEVICE_FLEET_ONLY_OPTIONS : MACHINE_LIST_ONLY_OPTIONS) {
		if (values[name] === undefined) continue;
		throw new UsageError(`--${name} goes ${isAutopilot ? "without" : "with"} --autopilot`);
	}
	return {
		file,
		hub: isAutopilot ? undefined : parseHubOptions(values, env),
		withinMs: parseWholeNumber("within", values.within, 10) * 60_000,
		latencyMs: parseWholeNumber("latency", values.latency, 100),
		parallel: parseWholeNumber("parallel", values.parallel, 100),
		registryOnly: values["registry-only"] === true,
		format: parseFormat(values.format ?? "table", ["table", "json"]),
	};
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
	if (sku === undefined && !env["IOTHUB_SKU"]) throw new UsageError("name the hub's edition (--sku S1)");
	return readConfiguredHubSize({ config: (key) => givenSettings[key], env });
}

function parseWholeNumber(name: string, text: string | undefined, fallback: number): number {
	if (text === undefined) return fallback;
	if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
	throw new UsageError(`--${name} is "${text}"; it takes a whole number of at least 1`);
}

/** The text that `device-identity plan --help` prints. */
export const PLAN_HELP = `Says how long a file of devices takes to deploy, and what bounds it. Asks nobody: neither the hub nor Pulumi.

    device-identity plan FILE --sku S1 [--units 2] [options]
    device-identity plan FILE --autopilot [options]

    FILE                a fleet as readFleet takes it; with --autopilot a CSV as readAutopilotCsv takes it
    --sku EDITION       the hub's edition: F1, B1, B2, B3, S1, S2 or S3 (default: IOTHUB_SKU)
    --units NUMBER      how many units of it the hub has (default: IOTHUB_UNITS, else 1)
    --within MINUTES    what to name a fast enough hub for (default: 10)
    --registry-only     the policy or role may not read twins (no ServiceConnect), nor may any on a basic hub: previews and
                        refreshes then read the identity registry, device by device
    --parallel NUMBER   with --autopilot, what \`pulumi up --parallel\` is given (default: 100)
    --latency MS        how long an answer takes, in milliseconds (default: 100)
    --format FORMAT     table (default) or json
    --help              print this

The times are those of the provider's own pace, which stays below the hub's throttles: they hold for a hub with which nobody
else is busy. A change of all devices counts two registry operations for each, since a fleet keeps no keys and has to read a
device before it writes it. \`pulumi up\` previews first, and looks once more before it writes. How fast Intune takes imports is
told by Intune alone; a minute for each is what it takes at best.

Exit code: 0 where the fleet can be deployed, 1 where it can't: the file has faults, or the hub holds fewer devices.

--format json prints one object. Members may be added; "version" counts up when one goes or changes its meaning.

    version      1
    file         the file
    devices      how many there are, or with --autopilot
    machines     how many there are; and of a fleet
    gateways     how many are gateways, and
    levels       how many devices stand above each other at most
    sku, units   the hub
    faults       a list of texts: why the hub can't hold the fleet
    operations   a list:
      operation    "create", "preview", "refresh", "change" or "destroy"
      requests     how many by meter: "registry", "query", "twin", "write"
      seconds      how long they take
      bound        the meter that sets the time, or "inFlight" where it is the number of requests under way, or "imports"
      rate         what that meter allows, in requests a second
      fastEnough   where it takes longer than --within, the smallest hubs where it does not: a list of sku and units
`;
