import { createUnauthorizedError } from "../hubError.ts";
import type { Permission, Policies } from "./policies.ts";
import { isSignedWith, parseSignature } from "./sharedAccessSignature.ts";

/** Against what a shared access signature is checked. */
export interface SignatureScene {
	readonly policies: Policies;
	/** The hosts that the hub answers to, in lower case, some with their port. */
	readonly hosts: ReadonlySet<string>;
	/** Seconds since 1970 at which a token's expiry is compared. */
	readonly seconds: number;
}

/** Throws 401 unless the token is sound and its policy has the permission for the path. */
export function checkSignature(
	authorization: string,
	{ path, permission }: { readonly path: string; readonly permission: Permission },
	{ policies, hosts, seconds }: SignatureScene,
): void {
	const token = parseSignature(authorization);
	if (token?.policy === undefined) throw createUnauthorizedError();
	const policy = policies.get(token.policy);
	const isSound =
		policy !== undefined &&
		covers(token.resource, path, hosts) &&
		Number(token.expiry) > seconds &&
		[policy.primaryKey, policy.secondaryKey].some((key) => isSignedWith(token, key));
	if (!isSound || !policy.permissions.includes(permission)) throw createUnauthorizedError();
}

/** Whether a resource names the hub and begins the path, segment by segment. */
function covers(resource: string, path: string, hosts: ReadonlySet<string>): boolean {
	const slash = resource.indexOf("/");
	const host = slash < 0 ? resource : resource.slice(0, slash);
	const prefix = slash < 0 ? "" : resource.slice(slash).replace(/\/+$/, "");
	return hosts.has(host) && `${path.toLowerCase()}/`.startsWith(`${prefix}/`);
}
