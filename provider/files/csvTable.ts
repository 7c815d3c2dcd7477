import { CsvError, type Options, parse } from "csv-parse/sync";
import type { FileFault } from "./fileFault.ts";

/** A row of a file. */
export interface Row {
	/** The line on which it begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** How a file is taken apart. */
export interface Form {
	/** What stands between cells. Default: what the row that names the columns has. */
	readonly separator?: string;
	/** Whether a cell of that row names a column. */
	isColumn(cell: string): boolean;
}

/** What stands between cells: commas, or what Excel takes in other locales, or for "Unicode Text". */
const SEPARATORS = [",", ";", "\t"];

/** How much of a file is looked at for its separator, in characters: the row that names the columns, and blank ones above. */
const HEAD = 1 << 16;

const LENIENT: Options = { record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true };

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
export function eachRow(text: string, form: Form, take: (row: Row) => void): readonly FileFault[] {
	let line = 1;
	const onRecord = (cells: string[]): null => {
		if (!cells.every(isBlank)) take({ line, cells });
		// csv-parse counts a line end of two characters within quotes as two lines.
		line += 1 + cells.reduce((sum, cell) => sum + lineEndsIn(cell), 0);
		return null;
	};
	try {
		const delimiter = form.separator ?? separatorOf(text, form);
		parse(text, { ...LENIENT, delimiter, on_record: onRecord });
	} catch (error) {
		return [unreadable(error, line)];
	}
	return [];
}

function lineEndsIn(cell: string): number {
	return /[\r\n]/.test(cell) ? (cell.match(LINE_END)?.length ?? 0) : 0;
}

/** The separator by which the row that names the columns has the most that are known. */
function separatorOf(text: string, form: Form): string {
	const head = text.slice(0, HEAD);
	const known = SEPARATORS.map((separator) => ({ separator, count: columnsIn(head, separator, form) }));
	return known.reduce((best, other) => (other.count > best.count ? other : best)).separator;
}

/** Lenient towards quotes, since those of one separator are misplaced by another. */
function columnsIn(text: string, delimiter: string, { isColumn }: Form): number {
	const first: Options = { relax_quotes: true, skip_records_with_empty_values: true, to: 1 };
	const [cells = []] = parse(text, { ...LENIENT, ...first, delimiter });
	return cells.filter(isColumn).length;
}

/** csv-parse's own words are left out, and so is the error itself: both hold what stands in the row. */
function unreadable(error: unknown, line: number): FileFault {
	if (!(error instanceof CsvError)) throw error;
	const { code, column } = error;
	const what = QUOTES[code] ?? `is no CSV (${code})`;
	return {
		line,
		column: typeof column === "number" ? column + 1 : 1,
		text: `${what}; nothing below was read`,
	};
}

const QUOTES: Readonly<Record<string, string>> = {
	CSV_QUOTE_NOT_CLOSED: "opens a quote that nothing closes",
	CSV_INVALID_CLOSING_QUOTE: `goes on after its closing quote; a quote within quotes is written twice: ""`,
	INVALID_OPENING_QUOTE: `has a quote in its midst; put the whole cell in quotes, and write that quote twice: ""`,
};
