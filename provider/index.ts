/**
 * Device identities as code: Azure IoT Hub devices and Windows Autopilot machines as Pulumi resources.
 *
 * @packageDocumentation
 */

export { deriveDeviceKey } from "./auth/deviceKey.ts";
export {
	AutopilotFleet,
	type AutopilotFleetArgs,
	type FleetMachine,
	type ListedMachine,
} from "./autopilotFleet.ts";
export {
	type GetAutopilotIdentityArgs,
	type GetAutopilotIdentityOutputArgs,
	type GetAutopilotIdentityResult,
	getAutopilotIdentity,
	getAutopilotIdentityOutput,
	type ListAutopilotIdentitiesArgs,
	type ListedAutopilotIdentity,
	listAutopilotIdentities,
} from "./autopilotIdentity.lookup.ts";
export { AutopilotIdentity, type AutopilotIdentityArgs } from "./autopilotIdentity.ts";
export {
	DeviceFleet,
	type DeviceFleetArgs,
	type FleetAuthentication,
	type FleetDevice,
	type FleetRotationArgs,
} from "./deviceFleet.ts";
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
} from "./deviceIdentity.lookup.ts";
export {
	type AuthenticationArgs,
	type CapabilitiesArgs,
	DeviceIdentity,
	type DeviceIdentityArgs,
	type GroupKeyArgs,
	type RotationArgs,
	type SymmetricKeyArgs,
	type X509ThumbprintArgs,
} from "./deviceIdentity.ts";
export type { AutopilotCsvRow } from "./files/autopilotCsv.columns.ts";
export { AutopilotCsvError, type AutopilotCsvFault } from "./files/autopilotCsv.errors.ts";
export { FleetFileError, type FleetFileFault } from "./files/fleetFile.errors.ts";
export { readAutopilotCsv } from "./files/readAutopilotCsv.ts";
export { type ReadFleetOptions, readFleet } from "./files/readFleet.ts";
