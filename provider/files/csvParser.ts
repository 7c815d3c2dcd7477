import { CsvError, type Options, parse } from "csv-parse/sync";
import type { Diagnostic } from "./diagnostics.ts";

/** A row of a CSV file. */
export interface CsvRow {
	/** The line on which the row begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** Options of {@link parseCsvRows}. */
export interface CsvOptions {
	/** The separator between cells. Default: detected in the header. */
	readonly separator?: string;
	/** Whether a cell of the header names a known column. */
	isColumn(cell: string): boolean;
}

/** Known separators: commas, semicolons (Excel in some locales), and tabs (Excel's "Unicode Text"). */
const SEPARATORS = [",", ";", "\t"];

/** Number of characters in which to detect the separator: the header and blank rows above it. */
const MAX_HEAD_LENGTH = 1 << 16;

const LENIENT_OPTIONS: Options = { record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true };

const LINE_END = /\r\n|\r|\n/g;

/** Whether a cell is empty or white space. */
export function isBlank(cell: string): boolean {
	return cell.trim() === "";
}

/**
 * Parses a CSV text row by row. Rows of blank cells are skipped like empty lines, since spreadsheets write such rows.
 *
 * @returns the syntax error after which nothing was read; empty if there is none
 */
export function parseCsvRows(
	text: string,
	options: CsvOptions,
	onRow: (row: CsvRow) => void,
): readonly Diagnostic[] {
	let currentLine = 1;
	const onRecord = (cells: string[]): null => {
		if (!cells.every(isBlank)) onRow({ line: currentLine, cells });
		// csv-parse counts CRLF within quotes as two lines.
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

/** Returns the separator with which the header has the most known columns. */
function detectSeparator(text: string, options: CsvOptions): string {
	const head = text.slice(0, MAX_HEAD_LENGTH);
	const candidates = SEPARATORS.map((separator) => ({
		separator,
		count: countKnownColumns(head, separator, options),
	}));
	return candidates.reduce((best, other) => (other.count > best.count ? other : best)).separator;
}

/** Counts the known columns of the header, without checking quotes, which are misplaced with a wrong separator. */
function countKnownColumns(text: string, delimiter: string, { isColumn }: CsvOptions): number {
	const headerOptions: Options = { relax_quotes: true, skip_records_with_empty_values: true, to: 1 };
	const [cells = []] = parse(text, { ...LENIENT_OPTIONS, ...headerOptions, delimiter });
	return cells.filter(isColumn).length;
}

/** Returns a diagnostic without the message of csv-parse and without a cause, since both repeat the row. */
function describeCsvError(error: unknown, line: number): Diagnostic {
	if (!(error instanceof CsvError)) throw error;
	const { code, column } = error;
	const problem = QUOTE_PROBLEMS[code] ?? `is not valid CSV (${code})`;
	return {
		line,
		column: typeof column === "number" ? column + 1 : 1,
		text: `${problem}; nothing below was read`,
	};
}

const QUOTE_PROBLEMS: Readonly<Record<string, string>> = {
	CSV_QUOTE_NOT_CLOSED: "has an opening quote without a closing one",
	CSV_INVALID_CLOSING_QUOTE: `continues after its closing quote; write a quote within quotes twice: ""`,
	INVALID_OPENING_QUOTE: `has a quote in the middle; put the whole cell in quotes and write that quote twice: ""`,
};
