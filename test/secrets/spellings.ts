/** A secret as it may stand in a text: as it is, and in the codes that texts on the wire use. */
export function spellingsOf(secret: string): string[] {
	const bytes = Buffer.from(secret, "utf8");
	return [
		secret,
		bytes.toString("base64").replace(/=+$/, ""),
		bytes.toString("base64url"),
		encodeURIComponent(secret),
		bytes.toString("hex"),
		JSON.stringify(secret).slice(1, -1),
	];
}
