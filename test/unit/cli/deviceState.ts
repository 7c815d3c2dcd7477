import { type ManagedObject, readStackSettings, type StackState } from "../../../provider/cli/stackState.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";

/** Creates the state of a stack with one device, `pump`. */
export async function createDeviceState(
	device: Pick<ManagedObject, "kind"> & Partial<ManagedObject>,
	settings: ReadonlyMap<string, string> = new Map(),
): Promise<StackState> {
	const object: ManagedObject = {
		urn: `urn:pulumi:dev::fleet::${TYPE}::pump`,
		type: TYPE,
		name: "pump",
		id: "pump",
		values: { deviceId: "pump", hubHostName: "my-hub.azure-devices.net" },
		secretPaths: [],
		encryptedPaths: [],
		secretTexts: [],
		...device,
	};
	return { objects: [object], ...(await readStackSettings(settings, "name a stack with --stack NAME")) };
}
