import { formatFleetCsv, formatFleetJsonLines } from "../files/fleetFile.write.ts";
import type { AdoptedDeviceFleet, AdoptableDevices } from "../iothub/adoption.ts";
import type { DeviceSelection } from "./adopt.options.ts";
import { generateDevicesProgram, generateDeviceFleetProgram } from "./adopt.program.ts";
import type { AdoptOutput } from "./adopt.taken.ts";
import { generateImportFile } from "./importFile.ts";
import { formatQuantity } from "./words.ts";

/** Up to so many devices are resources of their own unless asked otherwise. */
const MAX_DEVICE_RESOURCES = 50;

/** The program and the state of a hub's devices. */
export async function generateDeviceOutput(hub: AdoptableDevices, selection: DeviceSelection): Promise<AdoptOutput> {
	const { declareAs = hub.count > MAX_DEVICE_RESOURCES ? "fleet" : "resources" } = selection;
	return declareAs === "fleet" ? generateDeviceFleetOutput(hub, selection) : generateDeviceResourcesOutput(hub);
}

function generateDeviceFleetOutput({ hubHostName, ...hub }: AdoptableDevices, { name, format }: DeviceSelection): AdoptOutput {
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
		notes: [...(isFormatChanged ? [NDJSON_NOTE] : []), ...describeUnmanagedParents({ idsWithUnmanagedParent })],
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

function describeUnmanagedParents({ idsWithUnmanagedParent }: Pick<AdoptedDeviceFleet, "idsWithUnmanagedParent">): string[] {
	const [first] = idsWithUnmanagedParent;
	if (first === undefined) return [];
	return [
		`The parent of ${formatQuantity(idsWithUnmanagedParent.length, "device")} is not among them (${first}${idsWithUnmanagedParent.length > 1 ? ", …" : ""}): it stays as it is and is not declared.`,
	];
}
