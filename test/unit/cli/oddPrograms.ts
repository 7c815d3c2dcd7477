import {
	generateDeviceFleetProgram,
	generateDevicesProgram,
	generateMachineFleetProgram,
	generateMachinesProgram,
} from "../../../provider/cli/adopt.program.ts";
import type { AdoptedDevice } from "../../../provider/iothub/adopt.ts";

/** The hub of these tests' programs. */
export const HUB = "my-hub.azure-devices.net";

/** A device as it is taken over. */
export function device(id: string, inputs: object = {}, parent?: string): AdoptedDevice {
	return {
		id,
		inputs: { deviceId: id, hubHostName: HUB, ...inputs, storeCredentials: false },
		outputs: {},
		...(parent !== undefined && { parent }),
	};
}

/** Ids and texts that mean something to a program. */
const ODD = ["7=$*?!@;_'", "class", "a\\b", "hubHostName", "x-1", "x.1", "__proto__", "`x`"];

const THUMBPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";

const DEVICES = ODD.flatMap((id) => [
	device(id, { status: "enabled", capabilities: { iotEdge: true } }),
	device(`line of ${id}`, { capabilities: { iotEdge: true }, parentScopes: ["s"] }, id),
	device(
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

/** What `adopt` writes where ids and texts are odd, by what it is of. */
export const ODD_PROGRAMS: Readonly<Record<string, string>> = {
	devices: generateDevicesProgram(HUB, DEVICES),
	"a fleet": generateDeviceFleetProgram({ name: '"', hubHostName: HUB, file: "devices.csv" }),
	machines: generateMachinesProgram(MACHINES),
	"a fleet of machines": generateMachineFleetProgram('"', "machines.json"),
};
