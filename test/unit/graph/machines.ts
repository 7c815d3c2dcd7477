import type { AutopilotInputs } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { decodeMachine, type LiveMachine } from "../../../provider/graph/autopilotIdentity.wire.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

export const SERIAL = "5CG1234ABC";
export const HASH = generateHardwareHash(SERIAL);
export const ID = "6a1fc7a2-31d5-4e5b-8f1c-0f4bd2a9c001";

/** A registered machine as a GET of v1.0 returns it, with a value for every member. */
export const MACHINE: Readonly<Record<string, unknown>> = {
	id: ID,
	groupTag: "Kiosk",
	purchaseOrderIdentifier: "PO-7",
	serialNumber: SERIAL,
	productKey: "PK-1",
	manufacturer: "Contoso",
	model: "Standard",
	systemFamily: "Family",
	skuNumber: "SKU-1",
	enrollmentState: "notContacted",
	lastContactedDateTime: "0001-01-01T00:00:00Z",
	addressableUserName: "Ada",
	userPrincipalName: "ada@contoso.com",
	resourceName: "",
	azureActiveDirectoryDeviceId: "00000000-0000-0000-0000-000000000000",
	managedDeviceId: "00000000-0000-0000-0000-000000000000",
	displayName: "kiosk-1",
};

/** Creates a registered machine with a serial number and no managed fields, and with these members instead. */
export function createMachineJson(rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	const names = ["groupTag", "productKey", "addressableUserName", "userPrincipalName", "displayName"];
	const bare = Object.fromEntries(names.map((name) => [name, ""]));
	return { ...MACHINE, ...bare, ...rest };
}

/** Creates such a machine in its decoded form. */
export function createLiveMachine(rest: Readonly<Record<string, unknown>> = {}): LiveMachine {
	const live = decodeMachine({ json: createMachineJson(rest), headers: {} });
	if (live === undefined) throw new TypeError("this is no machine");
	return live;
}

/** Creates an import record as the service returns it, with these members of its state instead. */
export function createRecordJson(
	state: Readonly<Record<string, unknown>> = {},
	rest: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
	const fresh = { deviceImportStatus: "unknown", deviceRegistrationId: "", deviceErrorCode: 0 };
	return {
		id: "r-1",
		groupTag: "",
		serialNumber: SERIAL,
		productKey: "",
		importId: "r-1",
		hardwareIdentifier: null,
		assignedUserPrincipalName: "",
		state: { ...fresh, deviceErrorName: "", ...state },
		...rest,
	};
}

/** Creates the inputs of the machine. */
export function createMachineInputs(rest: Partial<AutopilotInputs> = {}): AutopilotInputs {
	return { serialNumber: SERIAL, hardwareIdentifier: HASH, ...rest };
}
