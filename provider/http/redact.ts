const PATTERNS: readonly [RegExp, string][] = [
	[
		/(SharedAccessKey|SharedAccessSignature|sig|client_secret|client_assertion|access_token)=[^;&\s"]+/gi,
		"$1=[secret]",
	],
	[/(Bearer|SharedAccessSignature)\s+[^\s",]+/gi, "$1 [secret]"],
	[
		/("(?:primaryKey|secondaryKey|primary|secondary|access_token|client_secret)"\s*:\s*")[^"]*/gi,
		"$1[secret]",
	],
	// A hardware hash has some thousand characters; no path or id is that long without a dot, a hyphen or a quote.
	[/[A-Za-z0-9+/]{200,}={0,2}/g, "[secret]"],
	[/(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/g, "[secret]"],
];

/** More of a text is not looked at, in characters: a server may send megabytes. */
const LONGEST = 20_000;
/** What moves a terminal's cursor, or turns the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text without what looks like a key, a signature or a token, of what a terminal would obey, and short enough for a message. */
export function redact(text: string, limit = 500): string {
	const whole = text.length > LONGEST ? text.slice(0, LONGEST).replace(/[^\s"',;:]*$/, "") : text;
	const clean = PATTERNS.reduce((current, [pattern, instead]) => current.replace(pattern, instead), whole);
	const shown = printable(clean);
	return shown.length > limit || whole.length < text.length ? `${shown.slice(0, limit)}…` : shown;
}

/** The text without what a terminal would obey; line breaks stay. */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, (character) =>
		character === "\n" || character === "\t" ? character : " ",
	);
}
