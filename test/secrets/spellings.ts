/** A secret as it may stand in a text: as it is, and in the codes that texts on the wire use. */
export function listSpellings(secret: string): string[] {
	const bytes = Buffer.from(secret, "utf8");
	const hex = bytes.toString("hex");
	const inBase64 = [0, 1, 2].map((offset) => base64Behind(offset, bytes));
	return [
		...new Set([
			secret,
			...inBase64,
			...inBase64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
			encodeURIComponent(secret),
			encodeURIComponent(encodeURIComponent(secret)),
			new URLSearchParams([["", secret]]).toString().slice(1),
			hex,
			hex.toUpperCase(),
			JSON.stringify(secret).slice(1, -1),
		]),
	];
}

/**
 * What base64 makes of a secret that stands behind other bytes, or before some: the characters that depend on it alone.
 *
 * @param offset by how many bytes it is off the groups of three
 */
function base64Behind(offset: number, bytes: Buffer): string {
	const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
	const length = offset + bytes.length;
	return text.slice(Math.ceil((offset * 4) / 3), Math.floor((length * 4) / 3));
}

/** Every piece of that length of a secret: what a text must not have where it has not even a part of it. */
export function listPieces(secret: string, length: number): string[] {
	const count = Math.max(0, secret.length - length + 1);
	return Array.from({ length: count }, (_, at) => secret.slice(at, at + length));
}
