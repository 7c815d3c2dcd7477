import { parseArguments, parseFormat, parseSettings, parseStackOptions } from "./arguments.ts";
import { UsageError } from "./command.ts";
import type { StackLocation } from "./pulumiCli.ts";

/** The parsed options of `adopt`. */
export interface AdoptOptions {
	readonly selection: DeviceSelection | MachineSelection;
	/** A stack whose configuration has the settings, or settings by key. Both take precedence over the environment. */
	readonly settingsSource: StackLocation | ReadonlyMap<string, string>;
	/** The folder to write to. */
	readonly outFolder: string;
	/** Whether existing files may be overwritten. */
	readonly force: boolean;
}

/** How the program declares the adopted objects. */
interface DeclarationOptions {
	/** The kind of resource; chosen by the number of objects if undefined. */
	readonly declareAs: "fleet" | "resources" | undefined;
	/** The fleet's name in the program. */
	readonly name: string;
}

/** Selects devices of a hub. */
export interface DeviceSelection extends DeclarationOptions {
	readonly service: "iothub";
	readonly hubHostName?: string;
	readonly query?: string;
	readonly exact: boolean;
	/** The format of the fleet's file. */
	readonly format: "csv" | "ndjson";
}

/** Selects machines of a tenant. */
export interface MachineSelection extends DeclarationOptions {
	readonly service: "autopilot";
	readonly filter: { readonly serialNumber?: string; readonly groupTag?: string };
}

const ADOPT_OPTIONS = {
	hub: { type: "string" },
	query: { type: "string" },
	where: { type: "string" },
	exact: { type: "boolean" },
	fleet: { type: "boolean" },
	resources: { type: "boolean" },
	name: { type: "string" },
	format: { type: "string" },
	autopilot: { type: "boolean" },
	filter: { type: "string", multiple: true },
	stack: { type: "string" },
	cwd: { type: "string" },
	config: { type: "string", multiple: true },
	out: { type: "string" },
	force: { type: "boolean" },
} as const;

type AdoptValues = ReturnType<typeof parseAdoptArgs>;

const DEVICE_ONLY_OPTIONS = ["hub", "query", "where", "exact", "format"] as const;

/** Parses the command line of `adopt`. Throws a UsageError if it is invalid. */
export function readAdoptOptions(args: readonly string[]): AdoptOptions {
	const values = parseAdoptArgs(args);
	return {
		selection: values.autopilot === true ? readMachineSelection(values) : readDeviceSelection(values),
		settingsSource: parseStackOptions(values, CONFIG_WITH_STACK) ?? parseSettings(values.config),
		outFolder: values.out ?? ".",
		force: values.force === true,
	};
}

const CONFIG_WITH_STACK = "--config goes without --stack, which has a configuration of its own";

function parseAdoptArgs(args: readonly string[]) {
	return parseArguments({ args, options: ADOPT_OPTIONS }).values;
}

function readDeviceSelection(values: AdoptValues): DeviceSelection {
	const { hub, query, where } = values;
	if (values.filter !== undefined)
		throw new UsageError("--filter goes with --autopilot; devices have --where");
	if (query !== undefined && where !== undefined) throw new UsageError("give --query or --where, not both");
	return {
		service: "iothub",
		...(hub === undefined ? {} : { hubHostName: hub }),
		...(query === undefined ? {} : { query }),
		...(where === undefined ? {} : { query: `SELECT * FROM devices WHERE ${where}` }),
		exact: values.exact === true,
		...readDeclarationOptions(values),
		format: parseFormat(values.format ?? "csv", ["csv", "ndjson"]),
	};
}

function readMachineSelection(values: AdoptValues): MachineSelection {
	for (const name of DEVICE_ONLY_OPTIONS)
		if (values[name] !== undefined) throw new UsageError(`--${name} goes without --autopilot`);
	return {
		service: "autopilot",
		filter: Object.fromEntries((values.filter ?? []).map(parseFilter)),
		...readDeclarationOptions(values),
	};
}

function readDeclarationOptions({ fleet, resources, name = "fleet" }: AdoptValues): DeclarationOptions {
	if (fleet === true && resources === true) throw new UsageError("give --fleet or --resources, not both");
	if (name === "") throw new UsageError("--name is empty; name the fleet");
	return { declareAs: fleet === true ? "fleet" : resources === true ? "resources" : undefined, name };
}

function parseFilter(text: string): [string, string] {
	const [, name, value] = /^(serialNumber|groupTag)=(.*)$/s.exec(text) ?? [];
	if (name !== undefined && value !== undefined) return [name, value];
	throw new UsageError(`--filter is "${text}"; it takes serialNumber=PART or groupTag=TAG`);
}

/** The text that `device-identity adopt --help` prints. */
export const ADOPT_HELP = `Brings the devices of a hub, or the machines of a tenant, under Pulumi as they are. Writes a program that declares them and
the file by which \`pulumi import\` takes them into state; neither the hub nor the tenant is written to.

    device-identity adopt --hub HOST [--where CONDITION] [options]
    device-identity adopt --autopilot [--filter groupTag=TAG] [options]

    --hub HOST          the hub (default: the configured one)
    --where CONDITION   which devices, in the hub's query language: "tags.site = 'oslo'" (default: all)
    --query QUERY       the same as a whole: "SELECT * FROM devices WHERE …"
    --exact             reads each device's twin by itself; by default the hub's index tells, which lags behind by seconds or
                        minutes and goes on showing devices that are gone
    --format FORMAT     the file of a fleet of devices: csv (default, where that can hold them) or ndjson
    --autopilot         machines of Windows Autopilot
    --filter NAME=TEXT  which of them: groupTag=TAG, serialNumber=PART; may be repeated (default: all)
    --fleet             one DeviceFleet or AutopilotFleet, and a file of what is in it (default above 50)
    --resources         a DeviceIdentity or AutopilotIdentity for each (default up to 50)
    --name NAME         what the fleet is called in the program (default: fleet)
    --stack NAME        takes the settings from this stack's configuration (default: from the environment)
    --cwd DIR           with --stack, the project's folder (default: the current one)
    --config KEY=VALUE  a setting: iothub:connectionString=…; secrets belong in the environment or the stack
    --out DIR           where to write, best the folder of Pulumi.yaml (default: the current one)
    --force             overwrites files that are there
    --help              print this

It writes index.ts, import.json, and for a fleet devices.csv, devices.ndjson or machines.json. Then, in the folder of Pulumi.yaml:

    pulumi import --file import.json --protect=false --generate-code=false    # Pulumi 3.254 or later
    pulumi preview --diff                                                     # says that nothing changes

What is declared is what there is: status, the reason for it, the type of authentication with thumbprints, gateways and parents;
of machines serial number, group tag, user and names. What is undeclared stays as it is, keys above all: no key is read into a
file, so single devices are declared with storeCredentials: false. Leave that out later, and the next run takes their keys into
state, as secrets.

The permissions are those of the provider, and ServiceConnect, or the role IoT Hub Data Reader, for the query.
Exit code: 0 where everything was taken over, 1 where not; what was left out is said.
`;
