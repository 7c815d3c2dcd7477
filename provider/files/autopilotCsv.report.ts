import type { MachineProperty, MachineTable } from "./autopilotCsv.schema.ts";
import { type CsvColumns, findColumn, isSameTitle, parseHeader } from "./csvHeader.ts";
import { type CsvRow, MAX_REPORT_ROWS } from "./csvParser.ts";
import type { Diagnostic } from "./diagnostics.ts";

/**
 * Returns the machines of Configuration Manager's report "Windows Autopilot Device Information" as CSV: below a few lines with the
 * names of the report and of its text boxes, each row repeats the titles of the columns before their values. Returns undefined for
 * any other file.
 */
export function findReportTable(
	rows: readonly CsvRow[],
	columns: CsvColumns<MachineProperty>,
): MachineTable | undefined {
	const start = rows.slice(0, MAX_REPORT_ROWS).findIndex((row) => countRepeatedTitles(row, columns) > 0);
	const first = rows[start];
	if (first === undefined) return undefined;
	const titleCount = countRepeatedTitles(first, columns);
	const titles = first.cells.slice(0, titleCount);
	const header = parseHeader(columns, { line: first.line, cells: titles });
	if (header === undefined) return undefined;
	const columnIndexes = new Map([...header.columnIndexes].map(([name, index]) => [name, index + titleCount]));
	const dataRows = rows.slice(start);
	const others = dataRows.filter(
		({ cells }) => !titles.every((title, at) => isSameTitle(title, cells[at] ?? "")),
	);
	return {
		header: {
			...header,
			columnCount: 2 * titleCount,
			columnIndexes,
			diagnostics: [...header.diagnostics, ...others.map(describeOtherRow)],
		},
		rows: dataRows.filter((row) => !others.includes(row)),
	};
}

/** Returns the number of titles with which a row of the report begins; 0 for any other row. */
function countRepeatedTitles({ cells }: CsvRow, columns: CsvColumns<MachineProperty>): number {
	const count = cells.findIndex((cell) => findColumn(columns, cell) === undefined);
	const properties = cells.slice(0, Math.max(count, 0)).map((cell) => findColumn(columns, cell)?.property);
	const isComplete = columns.required.every((property) => properties.includes(property));
	return isComplete && cells.length === 2 * count ? count : 0;
}

function describeOtherRow({ line }: CsvRow): Diagnostic {
	return {
		line,
		column: 1,
		text: "does not begin with the titles of the columns, as the other rows of the report do; drop the row",
	};
}
