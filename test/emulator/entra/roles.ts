/** Built-in roles of IoT Hub, one management-plane role that grants nothing here, and application roles of Graph. */
export type Role =
	| "IoT Hub Data Contributor"
	| "IoT Hub Data Reader"
	| "IoT Hub Registry Contributor"
	| "IoT Hub Twin Contributor"
	| "Owner"
	| GraphRole;

/** The application roles of Microsoft Graph that concern Autopilot, and one that does not. */
export type GraphRole = (typeof GRAPH_ROLES)[number];

/** Application roles that tokens for Graph carry, as they were when the token was issued. */
export const GRAPH_ROLES = [
	"DeviceManagementServiceConfig.ReadWrite.All",
	"DeviceManagementServiceConfig.Read.All",
	"DeviceManagementConfiguration.ReadWrite.All",
	"DeviceManagementManagedDevices.ReadWrite.All",
] as const;

/**
 * The data actions that each role grants, as patterns below `Microsoft.Devices/IotHubs/` ("Control access to IoT Hub
 * using Microsoft Entra ID"). Owners manage the hub but cannot access its data; roles of Graph grant nothing on hubs.
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

/** Returns whether a string is the name of a role that the emulator has. */
export function isRole(text: unknown): text is Role {
	return typeof text === "string" && Object.hasOwn(ROLE_ACTIONS, text);
}
