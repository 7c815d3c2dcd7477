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
	/** Whether the new program may declare less than the one that it replaces. */
	readonly allowRemovals: boolean;
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
	"allow-removals": { type: "boolean" },
} as const;

type AdoptValues = ReturnType<typeof parseAdoptArgs>;

const DEVICE_ONLY_OPTIONS = ["hub", "query", "where", "exact", "format"] as const;

/** Parses the command line of `adopt`. Throws a UsageError if it is invalid. */
export function readAdoptOptions(args: readonly string[]): AdoptOptions {
	const values = parseAdoptArgs(args);
	const allowRemovals = values["allow-removals"] === true;
	if (allowRemovals && values.force !== true)
		throw new UsageError("--allow-removals can only be used with --force");
	return {
		selection: values.autopilot === true ? readMachineSelection(values) : readDeviceSelection(values),
		settingsSource: parseStackOptions(values) ?? parseSettings(values.config),
		outFolder: values.out ?? ".",
		force: values.force === true,
		allowRemovals,
	};
}

function parseAdoptArgs(args: readonly string[]) {
	return parseArguments({ args, options: ADOPT_OPTIONS }).values;
}

function readDeviceSelection(values: AdoptValues): DeviceSelection {
	const { hub, query, where } = values;
	if (values.filter !== undefined)
		throw new UsageError("--filter can only be used with --autopilot; select devices with --where");
	if (query !== undefined && where !== undefined) throw new UsageError("--query cannot be used with --where");
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
		if (values[name] !== undefined) throw new UsageError(`--${name} cannot be used with --autopilot`);
	return {
		service: "autopilot",
		filter: Object.fromEntries((values.filter ?? []).map(parseFilter)),
		...readDeclarationOptions(values),
	};
}

function readDeclarationOptions({ fleet, resources, name = "fleet" }: AdoptValues): DeclarationOptions {
	if (fleet === true && resources === true) throw new UsageError("--fleet cannot be used with --resources");
	if (name === "") throw new UsageError("--name must not be empty");
	return { declareAs: fleet === true ? "fleet" : resources === true ? "resources" : undefined, name };
}

function parseFilter(text: string): [string, string] {
	const [, name, value] = /^(serialNumber|groupTag)=(.*)$/s.exec(text) ?? [];
	if (name !== undefined && value !== undefined) return [name, value];
	throw new UsageError(`--filter must be serialNumber=PART or groupTag=TAG, got "${text}"`);
}

/** The text that `device-identity adopt --help` prints. */
export const ADOPT_HELP = `Brings existing devices of a hub, or machines of a tenant, under Pulumi without changing them.
Writes a program that declares them, and a file with which \`pulumi import\` adds them to a stack's state. Writes nothing to the hub
or the tenant.

    device-identity adopt --hub HOST [--where CONDITION] [options]
    device-identity adopt --autopilot [--filter groupTag=TAG] [options]

    --hub HOST          the hub (default: the configured one)
    --where CONDITION   selects devices, in the hub's query language: "tags.site = 'oslo'" (default: all)
    --query QUERY       selects devices by a complete query: "SELECT * FROM devices WHERE …"
    --exact             reads each device's twin (default: reads the hub's index, which lags behind by seconds or minutes and
                        still lists deleted devices)
    --format FORMAT     the format of a device fleet's file: csv (default, if it can hold all values) or ndjson
    --autopilot         adopts machines of Windows Autopilot instead of devices
    --filter NAME=TEXT  selects machines: groupTag=TAG, serialNumber=PART; may be repeated (default: all)
    --fleet             declares one DeviceFleet or AutopilotFleet, with a file of its members (default above 50)
    --resources         declares a DeviceIdentity or AutopilotIdentity for each (default up to 50)
    --name NAME         the fleet's name in the program (default: fleet)
    --stack NAME        reads the settings from this stack's configuration (default: from the environment)
    --cwd DIR           with --stack, the project's folder (default: the current one)
    --config KEY=VALUE  a setting: iothub:hostName=…; put secrets in the environment or the stack
    --out DIR           the folder to write to, preferably that of Pulumi.yaml (default: the current one)
    --force             overwrites existing files, unless the new program declares less than they do
    --allow-removals    with --force, overwrites them even then, and lists what is no longer declared
    --help              prints this help

It writes index.ts, import.json, and for a fleet devices.csv, devices.ndjson or machines.json. Then, in the folder of Pulumi.yaml:

    pulumi import --file import.json --protect=false --generate-code=false    # Pulumi 3.254 or later
    pulumi preview --diff                                                     # shows no changes

The program declares a device's status and its reason, the type of authentication with thumbprints, gateways and parents, and a
machine's serial number, group tag, user and names. Everything else stays as it is. No key is written to a file, so single devices
are declared with storeCredentials: false. If you remove that later, the next run stores their keys in state, as secrets.

If nothing is found, nothing is written. --force compares index.ts and the files of devices or machines that it reads with the new
ones. It fails if a resource, a device or a machine would no longer be declared: the next \`pulumi up\` would delete it.

It needs the permissions of the provider, and for the query also ServiceConnect or the role IoT Hub Data Reader.
Exit code: 0 if everything can be declared, 1 if not; the output lists what was skipped.
`;
