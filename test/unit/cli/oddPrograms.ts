import {
	generateDeviceFleetProgram,
	generateDevicesProgram,
	generateMachineFleetProgram,
	generateMachinesProgram,
} from "../../../provider/cli/adopt.program.ts";
import type { AdoptedDevice } from "../../../provider/iothub/adopt.ts";

/** The hub of these tests' programs. */
export const HUB = "my-hub.azure-devices.net";

/** Creates an adopted device. */
export function createDevice(id: string, inputs: object = {}, parent?: string): AdoptedDevice {
	return {
		id,
		inputs: { deviceId: id, hubHostName: HUB, ...inputs, storeCredentials: false },
		outputs: {},
		...(parent !== undefined && { parent }),
	};
}

/** Ids and texts with a meaning in source code. */
const ODD = ["7=$*?!@;_'", "class", "a\\b", "hubHostName", "x-1", "x.1", "__proto__", "`x`"];

const THUMBPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";

const DEVICES = ODD.flatMap((id) => [
	createDevice(id, { status: "enabled", capabilities: { iotEdge: true } }),
	createDevice(`line of ${id}`, { capabilities: { iotEdge: true }, parentScopes: ["s"] }, id),
	createDevice(
		`child of ${id}`,
		{
			status: "disabled",
			statusReason: `\u2028"${id}\n`,
			authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
			deviceScope: "s",
		},
		id,
	),
]);

const MACHINES = ODD.map((name) => ({
	name,
	id: name,
	inputs: { serialNumber: name, adopt: true, groupTag: name, assignedUserPrincipalName: "ada@contoso.com" },
	outputs: {},
}));

/** Programs that `adopt` generates for odd ids and texts, by kind of object. */
export const ODD_PROGRAMS: Readonly<Record<string, string>> = {
	devices: generateDevicesProgram(HUB, DEVICES),
	"a fleet": generateDeviceFleetProgram({ name: '"', hubHostName: HUB, file: "devices.csv" }),
	machines: generateMachinesProgram(MACHINES),
	"a fleet of machines": generateMachineFleetProgram('"', "machines.json"),
};
