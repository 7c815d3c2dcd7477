import { CsvError, type Options, parse } from "csv-parse/sync";
import type { Diagnostic } from "./diagnostics.ts";

/** A row of a file. */
export interface CsvRow {
	/** The line on which it begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** How a file is taken apart. */
export interface CsvOptions {
	/** What stands between cells. Default: what the row that names the columns has. */
	readonly separator?: string;
	/** Whether a cell of that row names a column. */
	isColumn(cell: string): boolean;
}

/** What stands between cells: commas, or what Excel takes in other locales, or for "Unicode Text". */
const SEPARATORS = [",", ";", "\t"];

/** How much of a file is looked at for its separator, in characters: the row that names the columns, and blank ones above. */
const MAX_HEAD_LENGTH = 1 << 16;

const LENIENT_OPTIONS: Options = { record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true };

const LINE_END = /\r\n|\r|\n/g;

/** Whether a cell says nothing. */
export function isBlank(cell: string): boolean {
	return cell.trim() === "";
}

/**
 * Takes a text apart, row by row. A row of blank cells is as good as an empty line: spreadsheets write such rows.
 *
 * @returns why the rest could not be read, where that is so
 */
export function parseCsvRows(
	text: string,
	options: CsvOptions,
	onRow: (row: CsvRow) => void,
): readonly Diagnostic[] {
	let currentLine = 1;
	const onRecord = (cells: string[]): null => {
		if (!cells.every(isBlank)) onRow({ line: currentLine, cells });
		// csv-parse counts a line end of two characters within quotes as two lines.
		currentLine += 1 + cells.reduce((sum, cell) => sum + countLineBreaks(cell), 0);
		return null;
	};
	try {
		const delimiter = options.separator ?? detectSeparator(text, options);
		parse(text, { ...LENIENT_OPTIONS, delimiter, on_record: onRecord });
	} catch (error) {
		return [describeCsvError(error, currentLine)];
	}
	return [];
}

function countLineBreaks(cell: string): number {
	return /[\r\n]/.test(cell) ? (cell.match(LINE_END)?.length ?? 0) : 0;
}

/** The separator by which the row that names the columns has the most that are known. */
function detectSeparator(text: string, options: CsvOptions): string {
	const head = text.slice(0, MAX_HEAD_LENGTH);
	const candidates = SEPARATORS.map((separator) => ({
		separator,
		count: countKnownColumns(head, separator, options),
	}));
	return candidates.reduce((best, other) => (other.count > best.count ? other : best)).separator;
}

/** Lenient towards quotes, since those of one separator are misplaced by another. */
function countKnownColumns(text: string, delimiter: string, { isColumn }: CsvOptions): number {
	const headerOptions: Options = { relax_quotes: true, skip_records_with_empty_values: true, to: 1 };
	const [cells = []] = parse(text, { ...LENIENT_OPTIONS, ...headerOptions, delimiter });
	return cells.filter(isColumn).length;
}

/** csv-parse's own words are left out, and so is the error itself: both hold what stands in the row. */
function describeCsvError(error: unknown, line: number): Diagnostic {
	if (!(error instanceof CsvError)) throw error;
	const { code, column } = error;
	const problem = QUOTE_PROBLEMS[code] ?? `is no CSV (${code})`;
	return {
		line,
		column: typeof column === "number" ? column + 1 : 1,
		text: `${problem}; nothing below was read`,
	};
}

const QUOTE_PROBLEMS: Readonly<Record<string, string>> = {
	CSV_QUOTE_NOT_CLOSED: "opens a quote that nothing closes",
	CSV_INVALID_CLOSING_QUOTE: `goes on after its closing quote; a quote within quotes is written twice: ""`,
	INVALID_OPENING_QUOTE: `has a quote in its midst; put the whole cell in quotes, and write that quote twice: ""`,
};
