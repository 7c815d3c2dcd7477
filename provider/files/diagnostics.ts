import { listFirst } from "../text/quantities.ts";
import { toPrintable } from "../text/sanitize.ts";

/** A problem in a file, with the remedy. */
export interface Diagnostic extends SourcePosition {
	readonly text: string;
}

/** A position in a file: line and column from 1; 0 and 0 for the file as a whole. */
export interface SourcePosition {
	readonly line: number;
	readonly column: number;
}

/** Returns a diagnostic at a position, or at that of a node. */
export function createDiagnostic({ line, column }: SourcePosition, text: string): Diagnostic {
	return { line, column, text };
}

/** The position of the file as a whole. */
export const WHOLE_FILE: SourcePosition = { line: 0, column: 0 };

/** Maximum number of problems in a message. */
const MAX_LISTED_DIAGNOSTICS = 20;

/** Returns the message of an error: the summary and the first problems, without control characters. */
export function formatDiagnostics(summary: string, diagnostics: readonly Diagnostic[]): string {
	const lines = listFirst(diagnostics, MAX_LISTED_DIAGNOSTICS, ({ line, column, text }) =>
		line === 0 ? text : `line ${line}, column ${column}: ${text}`,
	);
	return toPrintable([summary, ...lines].join("\n- "));
}
