import { asObject, asString } from "../values.ts";

/** The format of a tenant id. */
const TENANT_ID_PATTERN = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Returns a tenant id in lower case; undefined if the value is not a GUID. */
export function parseTenantId(value: unknown): string | undefined {
	const id = asString(value)?.trim().toLowerCase();
	return id !== undefined && TENANT_ID_PATTERN.test(id) ? id : undefined;
}

/**
 * Returns the tenant that issued a token of Microsoft Entra: its claim `tid` ("Access token claims reference"). The signature is not
 * verified, because the service does that.
 *
 * @param authorization the Authorization header: `Bearer <token>`
 * @returns the tenant id in lower case; undefined for an opaque token, and for one without the claim
 */
export function readTenantOfToken(authorization: string): string | undefined {
	const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization) ?? [];
	if (payload === undefined) return undefined;
	try {
		return parseTenantId(asObject(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")))["tid"]);
	} catch {
		return undefined;
	}
}
