import { CsvError, type Options, parse } from "csv-parse/sync";
import { skipPreamble } from "./csvPreamble.ts";
import type { Diagnostic } from "./diagnostics.ts";

/** A row of a CSV file. */
export interface CsvRow {
	/** The line on which the row begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** Options of {@link parseCsvRows}. */
export interface CsvOptions {
	/** The separator between cells, unless a line `sep=` sets another. Default: detected in the header. */
	readonly separator?: string;
	/** Whether a cell of the header names a known column. */
	isColumn(cell: string): boolean;
}

/** Known separators: commas, semicolons (Excel in some locales), and tabs (Excel's "Unicode Text"). */
const SEPARATORS = [",", ";", "\t"];

/** Number of characters in which to detect the separator: the header and blank rows above it. */
const MAX_HEAD_LENGTH = 1 << 16;

/** Maximum number of rows of a report above the row with the names of its columns, including that row. */
export const MAX_REPORT_ROWS = 8;

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
	const isHeader = (line: string): boolean =>
		SEPARATORS.some((separator) => line.split(separator).some(options.isColumn));
	const preamble = skipPreamble(text, isHeader);
	let currentLine = preamble.line;
	const onRecord = (cells: string[]): null => {
		if (!cells.every(isBlank)) onRow({ line: currentLine, cells });
		// csv-parse counts CRLF within quotes as two lines.
		currentLine += 1 + cells.reduce((sum, cell) => sum + countLineBreaks(cell), 0);
		return null;
	};
	try {
		const delimiter = preamble.separator ?? options.separator ?? detectSeparator(preamble.text, options);
		parse(preamble.text, { ...LENIENT_OPTIONS, delimiter, on_record: onRecord });
	} catch (error) {
		return [describeCsvError(error, currentLine)];
	}
	return [];
}

function countLineBreaks(cell: string): number {
	return /[\r\n]/.test(cell) ? (cell.match(LINE_END)?.length ?? 0) : 0;
}

/** Returns the separator with which the header has the most known columns; the header may follow a few lines of a report. */
function detectSeparator(text: string, options: CsvOptions): string {
	const head = text.slice(0, MAX_HEAD_LENGTH);
	for (const rowCount of [1, MAX_REPORT_ROWS]) {
		const candidates = SEPARATORS.map((separator) => ({
			separator,
			count: countKnownColumns(head, { separator, rowCount }, options),
		}));
		const best = candidates.reduce((first, other) => (other.count > first.count ? other : first));
		if (best.count > 0) return best.separator;
	}
	return ",";
}

/**
 * Counts the known columns of the row that has most of them, without checking quotes, which are misplaced with a wrong separator.
 */
function countKnownColumns(
	text: string,
	{ separator, rowCount }: { separator: string; rowCount: number },
	{ isColumn }: CsvOptions,
): number {
	const headerOptions: Options = { relax_quotes: true, skip_records_with_empty_values: true, to: rowCount };
	try {
		const rows: string[][] = parse(text, { ...LENIENT_OPTIONS, ...headerOptions, delimiter: separator });
		return Math.max(0, ...rows.map((cells) => cells.filter(isColumn).length));
	} catch (error) {
		// The head may end within quotes. In the header itself, the parser of the rows reports it.
		if (error instanceof CsvError) return 0;
		throw error;
	}
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
