import { type Call, getHeader } from "../../http/call.ts";
import { createUnauthorizedError } from "../hubError.ts";
import type { HubSetting } from "../switches.ts";
import type { Permission, Policies } from "./policies.ts";
import { type Audience, checkSignature, listAcceptedHosts } from "./sharedAccessSignature.ts";

/** Verifies Microsoft Entra tokens. */
export interface BearerCheck {
	/** Returns the principal of a valid, unexpired token for this hub, or undefined. */
	principal(token: string): BearerPrincipal | undefined;
}

/** The principal of a token. */
export interface BearerPrincipal {
	readonly id: string;
	/** Returns whether its roles grant a data action. */
	may(action: Requirement["dataActions"][number]): boolean;
}

/** Everything on which access to the hub depends. */
export interface Access {
	readonly setting: HubSetting;
	readonly policies: Policies;
	readonly audience: Audience;
	readonly bearers: BearerCheck;
}

/** How a caller was authenticated; responses about modules depend on it. */
export type Scheme = "sas" | "entra";

/** Throws 401 unless the caller may use the route. */
export function authorize(call: Call, requirement: Requirement, access: Access): Scheme {
	const authorization = getHeader(call, "authorization") ?? "";
	const bearer = /^Bearer\s+(.+)$/i.exec(authorization)?.[1];
	if (bearer !== undefined) {
		authorizeBearer(bearer, call, requirement, access);
		return "entra";
	}
	const { clock, switches } = access.setting;
	if (switches.disableLocalAuth) throw createUnauthorizedError();
	const now = switches.sasClock === "virtual" ? clock.clientNow() : Date.now();
	const { policies, audience } = access;
	const hosts = listAcceptedHosts(audience, getHeader(call, "host"));
	const asked = { path: call.path, permission: requirement.permission };
	checkSignature(authorization, asked, { policies, hosts, seconds: now / 1000 });
	return "sas";
}

function authorizeBearer(token: string, call: Call, { dataActions }: Requirement, { bearers }: Access): void {
	const principal = bearers.principal(token);
	if (principal === undefined) throw createUnauthorizedError();
	if (dataActions.every((action) => principal.may(action))) return;
	throw createUnauthorizedError(
		`Principal ${principal.id} is not authorized for ${call.method} on ${call.path} due to no assigned permissions`,
	);
}

/** The access that a route requires. */
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
