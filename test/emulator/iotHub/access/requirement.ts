import type { Permission } from "./policies.ts";

/** What a route asks of its caller. */
export interface Requirement {
	/** The permission that a shared access policy must have. */
	readonly permission: Permission;
	/** The data actions that a Microsoft Entra role must grant, all of them, below `Microsoft.Devices/IotHubs/`. */
	readonly dataActions: readonly DataAction[];
}

/** Data actions as listed under "Control access to IoT Hub using Microsoft Entra ID". */
export type DataAction =
	| "devices/read"
	| "devices/write"
	| "devices/delete"
	| "twins/read"
	| "twins/write"
	| "statistics/read";
