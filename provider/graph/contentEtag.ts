import { createHash } from "node:crypto";

/** Marks an etag as ours: Graph never heard of it. */
const COMPUTED_ETAG_PREFIX = 'W/"sha256-';

/** The members of a machine that an administrator or a reseller writes, in order; the rest moves by itself. */
const HASHED_FIELDS = [
	"addressableUserName",
	"displayName",
	"groupTag",
	"id",
	"productKey",
	"purchaseOrderIdentifier",
	"serialNumber",
	"userPrincipalName",
] as const;

/**
 * An etag for a machine of a service that sends none: a hash over what is written to it. Enrolment, contact and profile
 * leave it as it is; an absent value is an empty one, and the case of a user's name does not count.
 *
 * @param machine a machine as a GET of its own answers it; rows of a list leave members blank
 */
export function computeContentEtag(machine: Readonly<Record<string, unknown>>): string {
	const hashedValues = HASHED_FIELDS.map((name) => [name, normalizeValue(name, String(machine[name] ?? ""))]);
	return `${COMPUTED_ETAG_PREFIX}${createHash("sha256")
		.update(JSON.stringify(Object.fromEntries(hashedValues)))
		.digest("base64url")}"`;
}

/** Ids and user principal names are the same in any case. */
function normalizeValue(name: (typeof HASHED_FIELDS)[number], value: string): string {
	return name === "userPrincipalName" || name === "id" ? value.toLowerCase() : value;
}

/** The etag as a condition that Graph understands; undefined for one of our own making. */
export function toIfMatch(etag: string): string | undefined {
	return etag === "" || etag.startsWith(COMPUTED_ETAG_PREFIX) ? undefined : etag;
}
