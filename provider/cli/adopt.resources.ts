import { formatFleetCsv, formatFleetJsonLines } from "../files/fleetFile.write.ts";
import type { AdoptableMachines } from "../graph/adopt.ts";
import type { AdoptableDevices } from "../iothub/adopt.ts";
import type { SkippedObject } from "../resource/state.ts";
import { formatQuantity } from "../text/quantities.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { generateImportFile, type TextsByFileName } from "./adopt.files.ts";
import type { DeviceSelection, MachineSelection } from "./adopt.options.ts";
import {
	generateDeviceFleetProgram,
	generateDevicesProgram,
	generateMachineFleetProgram,
	generateMachinesProgram,
} from "./adopt.program.ts";

/** The files to write, and what to report about them. */
export interface AdoptOutput {
	/** How many objects are adopted, and as which resources. */
	readonly summary: string;
	readonly files: TextsByFileName;
	/** Names of the devices or machines that the program declares. */
	readonly declaredNames: readonly string[];
	/** Where they were found: the hub's host name, or "The tenant". */
	readonly place: string;
	/** The noun for one of them. */
	readonly noun: "device" | "machine";
	/** Sentences to show to the user. */
	readonly notes: readonly string[];
	/** Objects that cannot be adopted. */
	readonly skipped: readonly SkippedObject[];
}

/** Above this number of objects a fleet is generated, unless the user chooses. */
const MAX_SEPARATE_RESOURCES = 50;

function chooseDeclaration(
	{ declareAs }: Pick<DeviceSelection, "declareAs">,
	count: number,
): "fleet" | "resources" {
	return declareAs ?? (count > MAX_SEPARATE_RESOURCES ? "fleet" : "resources");
}

/** Generates the program and the import file for devices of a hub. */
export async function generateDeviceOutput(
	hub: AdoptableDevices,
	selection: DeviceSelection,
): Promise<AdoptOutput> {
	return chooseDeclaration(selection, hub.count) === "fleet"
		? generateDeviceFleetOutput(hub, selection)
		: await generateDeviceResourcesOutput(hub);
}

function generateDeviceFleetOutput(
	{ hubHostName, ...hub }: AdoptableDevices,
	{ name, format }: DeviceSelection,
): AdoptOutput {
	const { fleet, devices, idsWithUnmanagedParent, skipped } = hub.toFleet();
	const csv = format === "csv" ? formatFleetCsv(devices) : undefined;
	const file = csv === undefined ? "devices.ndjson" : "devices.csv";
	const isFormatChanged = csv === undefined && format === "csv";
	return {
		summary: `${formatQuantity(devices.size, "device")} of ${hubHostName} as one fleet`,
		files: {
			[file]: csv ?? formatFleetJsonLines(devices),
			"index.ts": generateDeviceFleetProgram({ name, hubHostName, file }),
			"import.json": generateImportFile("deviceFleet", [{ ...fleet, name }]),
		},
		declaredNames: [...devices.keys()],
		place: hubHostName,
		noun: "device",
		notes: [...(isFormatChanged ? [NDJSON_NOTE] : []), ...describeUnmanagedParents(idsWithUnmanagedParent)],
		skipped,
	};
}

const NDJSON_NOTE =
	"The devices are written as ndjson, because a CSV cannot hold one of their values safely: it has a line break, blanks at " +
	"its start or end, a control character, a number that a spreadsheet shortened, or the start of a spreadsheet formula.";

async function generateDeviceResourcesOutput(hub: AdoptableDevices): Promise<AdoptOutput> {
	const { devices, skipped } = await hub.toResources();
	return {
		summary: `${formatQuantity(devices.length, "device")} of ${hub.hubHostName} as ${formatQuantity(devices.length, "resource")}`,
		files: {
			"index.ts": generateDevicesProgram(hub.hubHostName, devices),
			"import.json": generateImportFile(
				"deviceIdentity",
				devices.map((device) => ({ ...device, name: device.id })),
			),
		},
		declaredNames: devices.map(({ id }) => id),
		place: hub.hubHostName,
		noun: "device",
		notes: [],
		skipped,
	};
}

function describeUnmanagedParents(childIds: readonly string[]): string[] {
	const [first] = childIds;
	if (first === undefined) return [];
	const more = childIds.length > 1 ? ", …" : "";
	return [
		`The parent of ${formatQuantity(childIds.length, "device")} (${first}${more}) was not selected: it stays as it is and is not declared.`,
	];
}

/** The file that holds a fleet's machines. */
const MACHINES_FILE = "machines.json";

/** How messages name the place where machines are found. */
const TENANT = "The tenant";

/** Generates the program and the import file for machines of a tenant. */
export function generateMachineOutput(tenant: AdoptableMachines, selection: MachineSelection): AdoptOutput {
	return chooseDeclaration(selection, tenant.count) === "fleet"
		? generateMachineFleetOutput(tenant, selection)
		: generateMachineResourcesOutput(tenant);
}

function generateMachineFleetOutput(tenant: AdoptableMachines, { name }: MachineSelection): AdoptOutput {
	const { fleet, machines, skipped } = tenant.toFleet();
	return {
		summary: `${formatQuantity(machines.size, "machine")} as one fleet`,
		files: {
			[MACHINES_FILE]: `${toPrintableJson(Object.fromEntries(machines), "\t")}\n`,
			"index.ts": generateMachineFleetProgram(name, MACHINES_FILE),
			"import.json": generateImportFile("autopilotFleet", [{ ...fleet, name }]),
		},
		declaredNames: [...machines.keys()],
		place: TENANT,
		noun: "machine",
		notes: [],
		skipped,
	};
}

function generateMachineResourcesOutput(tenant: AdoptableMachines): AdoptOutput {
	const { machines, skipped } = tenant.toResources();
	return {
		summary: `${formatQuantity(machines.length, "machine")} as ${formatQuantity(machines.length, "resource")}`,
		files: {
			"index.ts": generateMachinesProgram(machines),
			"import.json": generateImportFile("autopilotIdentity", machines),
		},
		declaredNames: machines.map(({ name }) => name),
		place: TENANT,
		noun: "machine",
		notes: [],
		skipped,
	};
}
