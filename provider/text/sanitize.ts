/** What moves a terminal's cursor, or turns the direction of what follows. */
const UNPRINTABLE_CHARACTERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text without what a terminal would obey; line breaks and tabs stay. */
export function toPrintable(text: string): string {
	return text.replace(UNPRINTABLE_CHARACTERS, (character) => (isLayout(character) ? character : " "));
}

/** Whether a text is the same printed, and in UTF-8: it has nothing that a terminal would obey, and no half of a character. */
export function isPrintable(text: string): boolean {
	return toPrintable(text) === text && !/\p{Surrogate}/u.test(text);
}

/**
 * The value as JSON in which no text has what a terminal would obey, or an editor would not show: it stands there as an
 * escape, so that whoever reads the JSON gets the value as it is.
 *
 * @param indent what a level is indented by; default none, on one line
 */
export function toPrintableJson(value: unknown, indent?: string | number): string {
	return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE_CHARACTERS, (character) =>
		isLayout(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

function isLayout(character: string): boolean {
	return character === "\n" || character === "\t";
}

/** Under which names secrets stand in JSON, as services write it, or in what Python prints of it, as the Azure CLI does. */
const SECRET_NAMES =
	"primaryKey|secondaryKey|primary|secondary|access_?token|refresh_?token|id_?token|client_?secret|client_?assertion|hardwareIdentifier";

const SECRET_PATTERNS: readonly [RegExp, string][] = [
	[/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, "[secret]"],
	[
		/(SharedAccessKey|SharedAccessSignature|sig|client_secret|client_assertion|access_token|refresh_token|id_token)=[^;&\s"]+/gi,
		"$1=[secret]",
	],
	[/(Bearer|SharedAccessSignature)\s+[^\s",]+/gi, "$1 [secret]"],
	[new RegExp(`((["'])(?:${SECRET_NAMES})\\2\\s*:\\s*(["']))(?:\\\\.|(?!\\3)[^\\\\])*`, "gis"), "$1[secret]"],
	// JSON that stands as a text in other JSON.
	[new RegExp(`(\\\\["'](?:${SECRET_NAMES})\\\\+["']\\s*:\\s*\\\\+["'])[^"'\\\\]*`, "gi"), "$1[secret]"],
	// A token as a text of its own (RFC 7519 §3): its first part is a JSON object.
	[/\beyJ[\w-]{8,}(?:\.[\w-]*)+/g, "[secret]"],
	// A hardware hash has some thousand characters; no path or id is that long without a dot, a hyphen or a quote.
	[/[A-Za-z0-9+/]{200,}={0,2}/g, "[secret]"],
	// A refresh token has as many; no id has more than 128.
	[/[\w.~+-]{200,}/g, "[secret]"],
	[/(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/g, "[secret]"],
	// V8 repeats what stands around the place where JSON breaks off.
	[/(?:\.{3})?"[^\0]{0,60}"(?:\.{3})?(?= is not valid JSON)/g, '"…"'],
];

/** More of a text is not looked at, in characters: a server may send megabytes. */
const MAX_SCANNED_CHARACTERS = 20_000;

/** The text without what looks like a key, a signature or a token, of what a terminal would obey, and short enough for a message. */
export function redactSecrets(text: string, maxLength = 500): string {
	const scanned =
		text.length > MAX_SCANNED_CHARACTERS
			? text.slice(0, MAX_SCANNED_CHARACTERS).replace(/[^\s"',;:]*$/, "")
			: text;
	const redacted = SECRET_PATTERNS.reduce(
		(current, [pattern, replacement]) => current.replace(pattern, replacement),
		scanned,
	);
	const printed = toPrintable(redacted);
	return printed.length > maxLength || scanned.length < text.length
		? `${printed.slice(0, maxLength)}…`
		: printed;
}
