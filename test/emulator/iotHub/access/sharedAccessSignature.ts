import { createHmac, timingSafeEqual } from "node:crypto";
import { listHostNames, removePort } from "../hostNames.ts";
import { createUnauthorizedError } from "../hubError.ts";
import type { Switches } from "../switches.ts";
import type { Permission, Policies } from "./policies.ts";

/** The parts of a shared access signature. */
export interface SharedAccessSignature {
	/** The resource as it is in the token, which is what was signed. */
	readonly rawResource: string;
	/** The resource decoded, in lower case: host, port and path prefix. */
	readonly resource: string;
	readonly signature: Buffer;
	/** The expiry as it is in the token, in seconds since 1970. */
	readonly expiry: string;
	/** The policy's name, or undefined in a device's own token. */
	readonly policy: string | undefined;
}

const SCHEME = /^SharedAccessSignature\s+/i;

/**
 * Parses a token; returns undefined if it is malformed. The fields may come in any order, and `/` in `sig` may be
 * escaped or not: the Node client sorts them differently from the Python one, which leaves the slash unescaped.
 */
export function parseSignature(authorization: string): SharedAccessSignature | undefined {
	if (!SCHEME.test(authorization)) return undefined;
	const fields = new Map<string, string>();
	for (const field of authorization.replace(SCHEME, "").split("&")) {
		const equals = field.indexOf("=");
		fields.set(field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1).trim());
	}
	const [rawResource, sig, expiry] = [fields.get("sr"), fields.get("sig"), fields.get("se")];
	const resource = decode(rawResource)?.toLowerCase();
	const signature = decode(sig);
	const isWhole = rawResource && resource && signature && expiry && /^\d{1,15}$/.test(expiry);
	if (!isWhole) return undefined;
	return {
		rawResource,
		resource,
		signature: Buffer.from(signature, "base64"),
		expiry,
		policy: decode(fields.get("skn")),
	};
}

/** Returns whether the token was signed with a key: HMAC-SHA256 of resource, line feed and expiry, all as they are in it. */
export function isSignedWith(token: SharedAccessSignature, key: string): boolean {
	const expected = createHmac("sha256", Buffer.from(key, "base64"))
		.update(`${token.rawResource}\n${token.expiry}`)
		.digest();
	return token.signature.length === expected.length && timingSafeEqual(token.signature, expected);
}

function decode(text: string | undefined): string | undefined {
	try {
		return text === undefined ? undefined : decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** The data against which a shared access signature is checked. */
export interface SignatureScene {
	readonly policies: Policies;
	/** The hosts of the hub, in lower case, some with their port. */
	readonly hosts: ReadonlySet<string>;
	/** The current time for the expiry, in seconds since 1970. */
	readonly seconds: number;
}

/** Throws 401 unless the token is valid and its policy has the permission for the path. */
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
		coversPath(token.resource, path, hosts) &&
		Number(token.expiry) > seconds &&
		[policy.primaryKey, policy.secondaryKey].some((key) => isSignedWith(token, key));
	if (!isSound || !policy.permissions.includes(permission)) throw createUnauthorizedError();
}

/** Returns whether a resource names the hub and is a prefix of the path, segment by segment. */
function coversPath(resource: string, path: string, hosts: ReadonlySet<string>): boolean {
	const slash = resource.indexOf("/");
	const host = slash < 0 ? resource : resource.slice(0, slash);
	const prefix = slash < 0 ? "" : resource.slice(slash).replace(/\/+$/, "");
	return hosts.has(host) && `${path.toLowerCase()}/`.startsWith(`${prefix}/`);
}

/** The names of a hub, and how a shared access signature may name it. */
export interface Audience {
	/** The hub's configured host name. */
	readonly hostName: string;
	readonly port: number;
	readonly switches: Pick<Switches, "hostAliases" | "sasAudience">;
}

/**
 * Returns the hosts that a shared access signature may name: the hub's names with and without the port, and loopback with the port.
 *
 * @param contacted the host of the request. If it is one of the hub's names, an exact audience must be the same
 */
export function listAcceptedHosts(
	{ hostName, port, switches }: Audience,
	contacted = "",
): ReadonlySet<string> {
	const names = switches.hostAliases ? listHostNames(hostName) : [removePort(hostName).toLowerCase()];
	const asked = removePort(contacted).toLowerCase();
	const isExact = switches.sasAudience === "exact" && names.includes(asked);
	const accepted = isExact ? [asked] : names;
	return new Set([
		...accepted.flatMap((name) => [name, `${name}:${port}`]),
		...(isExact ? [] : [hostName.toLowerCase(), `localhost:${port}`, `127.0.0.1:${port}`]),
	]);
}
