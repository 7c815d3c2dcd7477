/** What stands above the header of a CSV text. */
export interface CsvPreamble {
	/** The rest of the text, which begins with the header. */
	readonly text: string;
	/** The line of the file on which the rest begins, from 1. */
	readonly line: number;
	/** The separator that a line such as `sep=;` sets; undefined without one. */
	readonly separator: string | undefined;
}

/** Matches the line by which Excel is told the separator. */
const SEPARATOR_LINE = /^"?sep=([^\r\n])"?\s*$/i;

/**
 * Skips the lines above the header that name no column: `sep=;`, which sets the separator, `#TYPE …` of Windows PowerShell's
 * `Export-Csv`, comments that begin with `#`, and empty lines.
 *
 * @param isHeader whether a line names a known column
 */
export function skipPreamble(text: string, isHeader: (line: string) => boolean): CsvPreamble {
	let start = 0;
	let line = 1;
	let separator: string | undefined;
	for (;;) {
		const { content, next } = readLine(text, start);
		const [, given] = SEPARATOR_LINE.exec(content) ?? [];
		const isSkipped =
			given !== undefined || content.trim() === "" || (/^"?#/.test(content) && !isHeader(content));
		if (!isSkipped || next === start) return { text: text.slice(start), line, separator };
		separator = given ?? separator;
		start = next;
		line++;
	}
}

/** Returns the line at an offset without its end, and the offset of the next line. */
function readLine(text: string, start: number): { content: string; next: number } {
	const pattern = /([^\r\n]*)(\r\n|\r|\n|$)/y;
	pattern.lastIndex = start;
	const [line = "", content = ""] = pattern.exec(text) ?? [];
	return { content, next: start + line.length };
}
