import { createHash } from "node:crypto";

/** A short name for a key by which a change can be seen and told without showing the key: 16 hexadecimal digits. */
export function computeFingerprint(key: string): string {
	return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
