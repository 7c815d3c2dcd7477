import { formatFleetCsv, formatFleetJsonLines } from "../files/fleetFile.write.ts";
import type { AdoptableMachines } from "../graph/adopt.ts";
import type { AdoptableDevices, AdoptedDeviceFleet } from "../iothub/adopt.ts";
import type { SkippedObject } from "../resource/state.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { generateImportFile, type TextsByFileName } from "./adopt.files.ts";
import type { DeviceSelection, MachineSelection } from "./adopt.options.ts";
import {
	generateDeviceFleetProgram,
	generateDevicesProgram,
	generateMachineFleetProgram,
	generateMachinesProgram,
} from "./adopt.program.ts";
import { formatQuantity } from "./drift.summary.ts";

/** What was taken over, ready to be written. */
export interface AdoptOutput {
	/** How many of what, and as what. */
	readonly summary: string;
	readonly files: TextsByFileName;
	/** What there is to know about it, in sentences. */
	readonly notes: readonly string[];
	/** What could not be taken over. */
	readonly skipped: readonly SkippedObject[];
}

/** Up to so many devices are resources of their own unless asked otherwise. */
const MAX_DEVICE_RESOURCES = 50;

/** The program and the state of a hub's devices. */
export async function generateDeviceOutput(
	hub: AdoptableDevices,
	selection: DeviceSelection,
): Promise<AdoptOutput> {
	const { declareAs = hub.count > MAX_DEVICE_RESOURCES ? "fleet" : "resources" } = selection;
	return declareAs === "fleet"
		? generateDeviceFleetOutput(hub, selection)
		: generateDeviceResourcesOutput(hub);
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
		notes: [
			...(isFormatChanged ? [NDJSON_NOTE] : []),
			...describeUnmanagedParents({ idsWithUnmanagedParent }),
		],
		skipped,
	};
}

const NDJSON_NOTE =
	"The devices are written as ndjson: a text among them has line breaks or blanks at its ends, which a CSV would lose, or what " +
	"a terminal would obey or a spreadsheet compute.";

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
		notes: [],
		skipped,
	};
}

function describeUnmanagedParents({
	idsWithUnmanagedParent,
}: Pick<AdoptedDeviceFleet, "idsWithUnmanagedParent">): string[] {
	const [first] = idsWithUnmanagedParent;
	if (first === undefined) return [];
	return [
		`The parent of ${formatQuantity(idsWithUnmanagedParent.length, "device")} is not among them (${first}${idsWithUnmanagedParent.length > 1 ? ", …" : ""}): it stays as it is and is not declared.`,
	];
}

/** Up to so many machines are resources of their own unless asked otherwise. */
const MAX_MACHINE_RESOURCES = 50;

/** The file of a fleet's machines. */
const MACHINES_FILE = "machines.json";

/** The program and the state of a tenant's machines. */
export function generateMachineOutput(tenant: AdoptableMachines, selection: MachineSelection): AdoptOutput {
	const { declareAs = tenant.count > MAX_MACHINE_RESOURCES ? "fleet" : "resources" } = selection;
	return declareAs === "fleet"
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
		notes: [],
		skipped,
	};
}
