/** Control characters of terminals, and characters that change the direction of text. */
const UNPRINTABLE_CHARACTERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Returns the text with a space for each character that a terminal would execute, except line breaks and tabs. */
export function toPrintable(text: string): string {
	return text.replace(UNPRINTABLE_CHARACTERS, (character) => (isLayout(character) ? character : " "));
}

/** Whether a text can be printed unchanged in UTF-8: it has no terminal control characters and no unpaired surrogates. */
export function isPrintable(text: string): boolean {
	return toPrintable(text) === text && !/\p{Surrogate}/u.test(text);
}

/**
 * Returns the value as JSON with an escape for each character that a terminal would execute or an editor would not show.
 * Parsing it returns the value unchanged.
 *
 * @param indent the indentation of each level; default: none, on one line
 */
export function toPrintableJson(value: unknown, indent?: string | number): string {
	return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE_CHARACTERS, (character) =>
		isLayout(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

function isLayout(character: string): boolean {
	return character === "\n" || character === "\t";
}

/** Names of secrets in JSON of the services, and in the output of Python, as printed by the Azure CLI. */
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
	// JSON in a string of other JSON.
	[new RegExp(`(\\\\["'](?:${SECRET_NAMES})\\\\+["']\\s*:\\s*\\\\+["'])[^"'\\\\]*`, "gi"), "$1[secret]"],
	// A JSON Web Token (RFC 7519 §3): its first part is an encoded JSON object.
	[/\beyJ[\w-]{8,}(?:\.[\w-]*)+/g, "[secret]"],
	// A hardware hash has thousands of characters; no path or id is that long without a dot, a hyphen or a quote.
	[/[A-Za-z0-9+/]{200,}={0,2}/g, "[secret]"],
	// A refresh token is that long, too; an id has at most 128 characters.
	[/[\w.~+-]{200,}/g, "[secret]"],
	[/(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/g, "[secret]"],
	// V8 repeats the text around a syntax error in JSON.
	[/(?:\.{3})?"[^\0]{0,60}"(?:\.{3})?(?= is not valid JSON)/g, '"…"'],
];

/** Maximum number of characters to scan: a server may send megabytes. */
const MAX_SCANNED_CHARACTERS = 20_000;

/** Returns the text without keys, signatures, tokens and terminal control characters, shortened for a message. */
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
