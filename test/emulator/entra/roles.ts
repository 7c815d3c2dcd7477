/** Built-in roles of IoT Hub, one of the management plane that grants nothing here, and application roles of Graph. */
export type Role =
	| "IoT Hub Data Contributor"
	| "IoT Hub Data Reader"
	| "IoT Hub Registry Contributor"
	| "IoT Hub Twin Contributor"
	| "Owner"
	| GraphRole;

/** The application roles of Microsoft Graph that concern Autopilot, and one that does not. */
export type GraphRole = (typeof GRAPH_ROLES)[number];

/** Roles that an application's tokens for Graph carry, as they were when the token was issued. */
export const GRAPH_ROLES = [
	"DeviceManagementServiceConfig.ReadWrite.All",
	"DeviceManagementServiceConfig.Read.All",
	"DeviceManagementConfiguration.ReadWrite.All",
	"DeviceManagementManagedDevices.ReadWrite.All",
] as const;

/**
 * What each role grants, as patterns of data actions below `Microsoft.Devices/IotHubs/` ("Control access to IoT Hub using
 * Microsoft Entra ID"). Owners manage the hub but may not touch its data;
 * roles of Graph say nothing of hubs.
 */
export const ROLE_ACTIONS: Readonly<Record<Role, readonly RegExp[]>> = {
	"IoT Hub Data Contributor": [/^/],
	"IoT Hub Data Reader": [/\/read$/],
	"IoT Hub Registry Contributor": [/^devices\//],
	"IoT Hub Twin Contributor": [/^twins\//],
	Owner: [],
	"DeviceManagementServiceConfig.ReadWrite.All": [],
	"DeviceManagementServiceConfig.Read.All": [],
	"DeviceManagementConfiguration.ReadWrite.All": [],
	"DeviceManagementManagedDevices.ReadWrite.All": [],
};

/** Whether a text names a role that the emulator knows. */
export function isRole(text: unknown): text is Role {
	return typeof text === "string" && Object.hasOwn(ROLE_ACTIONS, text);
}
