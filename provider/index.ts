/**
 * Device identities as code: Azure IoT Hub devices as Pulumi resources.
 *
 * @packageDocumentation
 */

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
	type SymmetricKeyArgs,
	type X509ThumbprintArgs,
} from "./deviceIdentity.ts";
