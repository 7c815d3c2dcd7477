import { printable } from "./printable.ts";

/** Under which names secrets stand in JSON, as services write it, or in what Python prints of it, as the Azure CLI does. */
const NAMED =
	"primaryKey|secondaryKey|primary|secondary|access_?token|refresh_?token|id_?token|client_?secret|client_?assertion|hardwareIdentifier";

const PATTERNS: readonly [RegExp, string][] = [
	[/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, "[secret]"],
	[
		/(SharedAccessKey|SharedAccessSignature|sig|client_secret|client_assertion|access_token|refresh_token|id_token)=[^;&\s"]+/gi,
		"$1=[secret]",
	],
	[/(Bearer|SharedAccessSignature)\s+[^\s",]+/gi, "$1 [secret]"],
	[new RegExp(`((["'])(?:${NAMED})\\2\\s*:\\s*(["']))(?:\\\\.|(?!\\3)[^\\\\])*`, "gis"), "$1[secret]"],
	// JSON that stands as a text in other JSON.
	[new RegExp(`(\\\\["'](?:${NAMED})\\\\+["']\\s*:\\s*\\\\+["'])[^"'\\\\]*`, "gi"), "$1[secret]"],
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
const LONGEST = 20_000;

/** The text without what looks like a key, a signature or a token, of what a terminal would obey, and short enough for a message. */
export function redact(text: string, limit = 500): string {
	const whole = text.length > LONGEST ? text.slice(0, LONGEST).replace(/[^\s"',;:]*$/, "") : text;
	const clean = PATTERNS.reduce((current, [pattern, instead]) => current.replace(pattern, instead), whole);
	const shown = printable(clean);
	return shown.length > limit || whole.length < text.length ? `${shown.slice(0, limit)}…` : shown;
}
