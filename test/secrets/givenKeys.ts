/** A key in base64, of 32 bytes that say what it is. */
export function createGivenKey(text: string): string {
	return Buffer.from(text.padEnd(32, ".")).toString("base64");
}

/** The keys that a program gives to a device. */
export const GIVEN = { primaryKey: createGivenKey("a first key, given"), secondaryKey: createGivenKey("a second key, given") };
