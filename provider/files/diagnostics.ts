import { toPrintable, toPrintableJson } from "../text/sanitize.ts";

/** One thing that is wrong with a file. */
export interface Diagnostic extends SourcePosition {
	readonly text: string;
}

/** A place in a file, both counted from 1; 0 for the file as a whole. */
export interface SourcePosition {
	readonly line: number;
	readonly column: number;
}

/** The file as a whole. */
export const WHOLE_FILE: SourcePosition = { line: 0, column: 0 };

/** How many faults a message tells. */
const MAX_LISTED_DIAGNOSTICS = 20;

/** An error's message: what can't be done, and the first faults; nothing in it that a terminal would obey. */
export function formatDiagnostics(summary: string, diagnostics: readonly Diagnostic[]): string {
	const lines = diagnostics.slice(0, MAX_LISTED_DIAGNOSTICS).map(({ line, column, text }) => {
		return line === 0 ? text : `line ${line}, column ${column}: ${text}`;
	});
	if (diagnostics.length > MAX_LISTED_DIAGNOSTICS)
		lines.push(`and ${diagnostics.length - MAX_LISTED_DIAGNOSTICS} more`);
	return toPrintable([summary, ...lines].join("\n- "));
}

/** What an error may repeat of a name or an id: not what is long, and nothing that may be a key, since cells get shifted. */
export function quoteName(name: string): string {
	const looksLikeKey = name.length >= MIN_KEY_LENGTH && /^[A-Za-z0-9+/]+={1,2}$/.test(name.trim());
	return name.length > MAX_QUOTED_LENGTH || looksLikeKey
		? `a text of ${name.length} characters`
		: toPrintableJson(name.trim());
}

/** The longest id that a device may have. */
const MAX_QUOTED_LENGTH = 128;

/** The shortest key, 16 bytes in base64. */
const MIN_KEY_LENGTH = 24;
