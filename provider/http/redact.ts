import { printable } from "./printable.ts";

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
	// A token as a text of its own (RFC 7519 §3): its first part is a JSON object.
	[/\beyJ[\w-]{8,}(?:\.[\w-]*)+/g, "[secret]"],
	// A hardware hash has some thousand characters; no path or id is that long without a dot, a hyphen or a quote.
	[/[A-Za-z0-9+/]{200,}={0,2}/g, "[secret]"],
	[/(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/g, "[secret]"],
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
