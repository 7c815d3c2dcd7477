import { createHash } from "node:crypto";

/** Returns a fingerprint of a key, 16 hexadecimal digits, that shows a change without showing the key. */
export function computeFingerprint(key: string): string {
	return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
