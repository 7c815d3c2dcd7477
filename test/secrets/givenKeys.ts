/** A key in base64, of 32 bytes that say what it is. */
export function keyOf(text: string): string {
	return Buffer.from(text.padEnd(32, ".")).toString("base64");
}

/** The keys that a program gives to a device. */
export const GIVEN = { primaryKey: keyOf("a first key, given"), secondaryKey: keyOf("a second key, given") };
