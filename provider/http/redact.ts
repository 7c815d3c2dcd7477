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

/** The text without what looks like a key, a signature or a token, and short enough for a message. */
export function redact(text: string, limit = 500): string {
	const clean = PATTERNS.reduce((current, [pattern, instead]) => current.replace(pattern, instead), text);
	return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
