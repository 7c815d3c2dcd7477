import { CsvError, type Options, parse } from "csv-parse/sync";
import { columnNamed } from "./autopilotCsv.columns.ts";
import type { AutopilotCsvFault } from "./autopilotCsv.errors.ts";

/** A row of a file. */
export interface Row {
	/** The line on which it begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** The rows of a file that are not blank, as far as it could be read. */
export interface Table {
	readonly rows: readonly Row[];
	/** Why the rest could not be read. */
	readonly faults: readonly AutopilotCsvFault[];
}

/** What stands between cells: commas, or what Excel takes in other locales, or for "Unicode Text". */
const SEPARATORS = [",", ";", "\t"];

const FORM: Options = { record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true };

const LINE_END = /\r\n|\r|\n/g;

/** Whether a cell says nothing. */
export function isBlank(cell: string): boolean {
	return cell.trim() === "";
}

/** Takes a text apart. A row of blank cells is as good as an empty line: spreadsheets write such rows. */
export function tableOf(text: string): Table {
	const rows: Row[] = [];
	let line = 1;
	const take = (cells: string[]): null => {
		if (!cells.every(isBlank)) rows.push({ line, cells });
		// csv-parse counts a line end of two characters within quotes as two lines.
		line += 1 + (cells.join().match(LINE_END)?.length ?? 0);
		return null;
	};
	try {
		parse(text, { ...FORM, delimiter: separatorOf(text), on_record: take });
	} catch (error) {
		return { rows, faults: [unreadable(error, line)] };
	}
	return { rows, faults: [] };
}

/** The separator by which the row that names the columns has the most that are known. */
function separatorOf(text: string): string {
	const known = SEPARATORS.map((separator) => ({ separator, count: columnsIn(text, separator) }));
	return known.reduce((best, other) => (other.count > best.count ? other : best)).separator;
}

/** Lenient towards quotes, since those of one separator are misplaced by another. */
function columnsIn(text: string, delimiter: string): number {
	const first: Options = { relax_quotes: true, skip_records_with_empty_values: true, to: 1 };
	const [cells = []] = parse(text, { ...FORM, ...first, delimiter });
	return cells.filter((cell) => columnNamed(cell) !== undefined).length;
}

/** csv-parse's own words are left out, and so is the error itself: both hold what stands in the row. */
function unreadable(error: unknown, line: number): AutopilotCsvFault {
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
