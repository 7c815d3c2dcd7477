import type { Issuer } from "../entra/issuer.ts";
import { type Call, getHeader } from "../http/call.ts";
import { createIntuneError, GraphError } from "./graphError.ts";
import type { GraphRoute } from "./routes/route.ts";

/** The application roles that read, and those that write ("Microsoft Graph permissions reference"). */
const ROLES = {
	read: ["DeviceManagementServiceConfig.Read.All", "DeviceManagementServiceConfig.ReadWrite.All"],
	write: ["DeviceManagementServiceConfig.ReadWrite.All"],
} as const;

/** Graph's own application id, which tokens may name instead of its address. */
const GRAPH_ID = "00000003-0000-0000-c000-000000000000";

/** The application that sends the request. */
export interface Caller {
	readonly clientId: string;
	/** The tenant of its token, in which every request is carried out. */
	readonly tenantId: string;
	/** The roles in its token; later ones need a new token. */
	readonly roles: readonly string[];
}

/** Throws 401 unless the request has a valid token for one of the resources. */
export function authenticate(call: Call, issuer: Issuer, resources: readonly string[]): Caller {
	const token = /^Bearer\s+(\S+)\s*$/i.exec(getHeader(call, "authorization") ?? "")?.[1];
	if (token === undefined) throw createInvalidToken("Access token is empty.");
	const claims = issuer.inspect(token);
	if (claims === "expired") throw createInvalidToken("Lifetime validation failed, the token is expired.");
	if (claims === "forged")
		throw createInvalidToken("Access token validation failure. The signature is invalid.");
	if (![...resources, GRAPH_ID].includes(String(claims["aud"]))) {
		throw createInvalidToken("Access token validation failure. Invalid audience.");
	}
	const roles = Array.isArray(claims["roles"]) ? claims["roles"].map(String) : [];
	return { clientId: String(claims["appid"]), tenantId: String(claims["tid"]), roles };
}

/** Throws 403 unless the caller's token has a role that the route accepts. */
export function authorize({ roles }: Caller, route: GraphRoute): void {
	const taken = [...ROLES[getRequiredAccess(route)], ...(route.alsoFor ?? [])];
	if (roles.some((role) => taken.includes(role))) return;
	throw createIntuneError(
		403,
		"Forbidden",
		`Application is not authorized to perform this operation. Application must have one of the following scopes: ${taken.join(", ")}`,
	);
}

/** Returns whether a route reads or writes. */
export function getRequiredAccess({ access, method }: GraphRoute): "read" | "write" {
	return access ?? (method === "GET" ? "read" : "write");
}

function createInvalidToken(text: string): GraphError {
	return new GraphError(401, "InvalidAuthenticationToken", text);
}
