/** What looks like one of Entra's tokens. */
export const ENTRA_TOKEN = /\beyJ[\w-]{10}/;

/** A token of these parts: each is encoded, none is signed. */
export function createUnsignedToken(...parts: readonly string[]): string {
	return parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
}
