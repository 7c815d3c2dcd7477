/**
 * The etag of an identity: base64 of a decimal counter, without quotes, as recorded by azure-sdk-for-net
 * DevicesClientTests.
 */
export function formatIdentityEtag(counter: number): string {
	return Buffer.from(String(counter), "ascii").toString("base64");
}

/** The counter in an identity etag, or undefined when the text is none. */
export function parseCounter(etag: string): string | undefined {
	const text = Buffer.from(etag, "base64").toString("latin1");
	return /^\d{1,20}$/.test(text) ? text : undefined;
}

/** A counter at which a new identity may begin: any nine digits. */
export function generateCounter(): number {
	return 100_000_000 + Math.floor(Math.random() * 899_000_000);
}

/** The etag of a twin: base64 of an 8-byte big-endian counter, such as `AAAAAAAAAAE=`. */
export function formatTwinEtag(counter: number): string {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(counter));
	return bytes.toString("base64");
}
