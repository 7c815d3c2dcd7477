import { fleetCsv, fleetLines } from "../files/fleetFile.write.ts";
import type { AdoptedFleet, HubAdoption } from "../iothub/adoption.ts";
import type { DevicesAsked } from "./adopt.options.ts";
import { devicesProgram, fleetProgram } from "./adopt.program.ts";
import type { Taken } from "./adopt.taken.ts";
import { importFile } from "./importFile.ts";
import { counted } from "./words.ts";

/** Up to so many devices are resources of their own unless asked otherwise. */
const FEW = 50;

/** The program and the state of a hub's devices. */
export async function devicesTaken(hub: HubAdoption, asked: DevicesAsked): Promise<Taken> {
	const { as = hub.count > FEW ? "fleet" : "resources" } = asked;
	return as === "fleet" ? fleetTaken(hub, asked) : resourcesTaken(hub);
}

function fleetTaken({ hubHostName, ...hub }: HubAdoption, { name, format }: DevicesAsked): Taken {
	const { fleet, devices, strays, left } = hub.asFleet();
	const csv = format === "csv" ? fleetCsv(devices) : undefined;
	const file = csv === undefined ? "devices.ndjson" : "devices.csv";
	const isChanged = csv === undefined && format === "csv";
	return {
		what: `${counted(devices.size, "device")} of ${hubHostName} as one fleet`,
		files: {
			[file]: csv ?? fleetLines(devices),
			"index.ts": fleetProgram({ name, hubHostName, file }),
			"import.json": importFile("deviceFleet", [{ ...fleet, name }]),
		},
		notes: [...(isChanged ? [NO_CSV] : []), ...straysTold({ strays })],
		left,
	};
}

const NO_CSV =
	"The devices are written as ndjson: a text among them has line breaks or blanks at its ends, which a CSV would lose, or what " +
	"a terminal would obey or a spreadsheet compute.";

async function resourcesTaken(hub: HubAdoption): Promise<Taken> {
	const { devices, left } = await hub.asResources();
	return {
		what: `${counted(devices.length, "device")} of ${hub.hubHostName} as ${counted(devices.length, "resource")}`,
		files: {
			"index.ts": devicesProgram(hub.hubHostName, devices),
			"import.json": importFile(
				"deviceIdentity",
				devices.map((device) => ({ ...device, name: device.id })),
			),
		},
		notes: [],
		left,
	};
}

function straysTold({ strays }: Pick<AdoptedFleet, "strays">): string[] {
	const [first] = strays;
	if (first === undefined) return [];
	return [
		`The parent of ${counted(strays.length, "device")} is not among them (${first}${strays.length > 1 ? ", …" : ""}): it stays as it is and is not declared.`,
	];
}
