import { createHash } from "node:crypto";

/** The prefix of computed etags, which Graph does not know. */
const COMPUTED_ETAG_PREFIX = 'W/"sha256-';

/** The members of a machine that an administrator or a reseller writes. The order is part of every etag in state. */
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
 * Computes an etag for a machine of a service that sends none: a hash over the written members. Enrollment, contact and
 * profile do not change it; a missing value equals an empty one, and user principal names are case-insensitive.
 *
 * @param machine a machine as a GET of it returns it; list rows omit members
 */
export function computeContentEtag(machine: Readonly<Record<string, unknown>>): string {
	const hashedValues = HASHED_FIELDS.map((name) => [name, normalizeValue(name, String(machine[name] ?? ""))]);
	return `${COMPUTED_ETAG_PREFIX}${createHash("sha256")
		.update(JSON.stringify(Object.fromEntries(hashedValues)))
		.digest("base64url")}"`;
}

/** Returns ids and user principal names in lower case: both are case-insensitive. */
function normalizeValue(name: (typeof HASHED_FIELDS)[number], value: string): string {
	return name === "userPrincipalName" || name === "id" ? value.toLowerCase() : value;
}

/** Returns the If-Match value for an etag; undefined for a computed etag, which Graph does not know. */
export function toIfMatch(etag: string): string | undefined {
	return etag === "" || etag.startsWith(COMPUTED_ETAG_PREFIX) ? undefined : stripUnreadUserMark(etag);
}

/**
 * Ends the etag of a machine whose user Graph accepted and does not show, in state too. No etag of a service ends like this, because the
 * quotation mark ends it (RFC 9110 §8.8.3).
 */
const UNREAD_USER_MARK = "~user-unread";

/** Removes the mark, which only state has. */
export function stripUnreadUserMark(etag: string): string {
	return etag.endsWith(UNREAD_USER_MARK) ? etag.slice(0, -UNREAD_USER_MARK.length) : etag;
}

/** Whether the user of a machine was accepted and could not be read since. */
export function hasUnreadUser(etag: string): boolean {
	return etag.endsWith(UNREAD_USER_MARK);
}

/** Returns the etag with the mark. */
export function markUnreadUser(etag: string): string {
	return `${stripUnreadUserMark(etag)}${UNREAD_USER_MARK}`;
}
