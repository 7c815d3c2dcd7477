/** Built-in roles of IoT Hub and one of the management plane that grants nothing here. */
export type Role =
	| "IoT Hub Data Contributor"
	| "IoT Hub Data Reader"
	| "IoT Hub Registry Contributor"
	| "IoT Hub Twin Contributor"
	| "Owner";

/**
 * What each role grants, as patterns of data actions below `Microsoft.Devices/IotHubs/` ("Control access to IoT Hub using
 * Microsoft Entra ID"). Owners manage the hub but may not touch its data.
 */
export const ROLE_ACTIONS: Readonly<Record<Role, readonly RegExp[]>> = {
	"IoT Hub Data Contributor": [/^/],
	"IoT Hub Data Reader": [/\/read$/],
	"IoT Hub Registry Contributor": [/^devices\//],
	"IoT Hub Twin Contributor": [/^twins\//],
	Owner: [],
};

/** Whether a text names a role that the emulator knows. */
export function isRole(text: unknown): text is Role {
	return typeof text === "string" && Object.hasOwn(ROLE_ACTIONS, text);
}
