/**
 * Device identities as code: Azure IoT Hub devices and Windows Autopilot machines as Pulumi resources.
 *
 * @packageDocumentation
 */

export type { AutopilotCsvRow } from "./files/autopilotCsv.schema.ts";
export type { FleetColumn } from "./files/fleetFile.csv.ts";
export {
	AutopilotCsvError,
	type AutopilotCsvFault,
	type ReadAutopilotCsvOptions,
	readAutopilotCsv,
} from "./files/readAutopilotCsv.ts";
export { FleetFileError, type FleetFileFault, type ReadFleetOptions, readFleet } from "./files/readFleet.ts";
export { deriveDeviceKey } from "./keys/deviceKey.ts";
export {
	AutopilotFleet,
	type AutopilotFleetArgs,
	type FleetMachine,
	type ListedMachine,
} from "./sdk/autopilotFleet.ts";
export {
	type GetAutopilotIdentityArgs,
	type GetAutopilotIdentityOutputArgs,
	type GetAutopilotIdentityResult,
	getAutopilotIdentity,
	getAutopilotIdentityOutput,
	type ListAutopilotIdentitiesArgs,
	type ListedAutopilotIdentity,
	listAutopilotIdentities,
} from "./sdk/autopilotIdentity.functions.ts";
export { AutopilotIdentity, type AutopilotIdentityArgs } from "./sdk/autopilotIdentity.ts";
export {
	DeviceFleet,
	type DeviceFleetArgs,
	type FleetAuthentication,
	type FleetDevice,
	type FleetRotationArgs,
} from "./sdk/deviceFleet.ts";
export {
	type GetDeviceCredentialsResult,
	type GetDeviceIdentityArgs,
	type GetDeviceIdentityOutputArgs,
	type GetDeviceIdentityResult,
	getDeviceCredentials,
	getDeviceIdentity,
	getDeviceIdentityOutput,
	type ListDeviceIdentitiesArgs,
	type ListedDevice,
	listDeviceIdentities,
	type QueryDevicesArgs,
	queryDevices,
} from "./sdk/deviceIdentity.functions.ts";
export {
	type AuthenticationArgs,
	type CapabilitiesArgs,
	DeviceIdentity,
	type DeviceIdentityArgs,
	type GroupKeyArgs,
	type RotationArgs,
	type SymmetricKeyArgs,
	type X509ThumbprintArgs,
} from "./sdk/deviceIdentity.ts";
