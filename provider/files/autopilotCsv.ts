import { AUTOPILOT_COLUMNS, type AutopilotCsvRow } from "./autopilotCsv.columns.ts";
import { parseMachineRows } from "./autopilotCsv.rows.ts";
import { findColumn } from "./csvColumns.ts";
import { parseHeader } from "./csvHeader.ts";
import { parseCsvRows, type CsvRow } from "./csvTable.ts";
import { type Diagnostic, formatDiagnostics, WHOLE_FILE } from "./fileFault.ts";
import { UnreadableFileError, readText } from "./fileText.ts";

/** What a list of machines holds. */
export interface AutopilotCsv {
	/** A row for each machine, in the file's order; none where there are faults. */
	readonly machines: AutopilotCsvRow[];
	/** All that is wrong. */
	readonly diagnostics: readonly Diagnostic[];
}

/** Reads a list of machines as `readAutopilotCsv` does, without Pulumi. */
export function loadAutopilotCsv(path: string): AutopilotCsv {
	try {
		return parseAutopilotCsv(readText(path));
	} catch (error) {
		if (error instanceof UnreadableFileError) return { machines: [], diagnostics: [error.diagnostic] };
		throw error;
	}
}

function parseAutopilotCsv(text: string): AutopilotCsv {
	const rows: CsvRow[] = [];
	const unreadDiagnostics = parseCsvRows(text, { isColumn: isAutopilotColumn }, (row) => rows.push(row));
	const [first, ...others] = rows;
	if (first === undefined && unreadDiagnostics.length > 0) return { machines: [], diagnostics: unreadDiagnostics };
	const header = first && parseHeader(AUTOPILOT_COLUMNS, first);
	if (header === undefined) return { machines: [], diagnostics: [{ ...WHOLE_FILE, text: MISSING_AUTOPILOT_HEADER }] };
	const { machines, diagnostics: rowDiagnostics } = parseMachineRows(others, header);
	const diagnostics = [...header.diagnostics, ...rowDiagnostics, ...unreadDiagnostics];
	return { machines: diagnostics.length > 0 ? [] : machines, diagnostics };
}

/** What to say of a list of machines that can't be used. */
export function formatAutopilotCsvError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" can't be used as a list of Autopilot machines:`, diagnostics);
}

const MISSING_AUTOPILOT_HEADER = `its first line must name the columns: "Device Serial Number", "Hardware Hash" and, where there are such, "Windows Product ID", "Group Tag", "Assigned User"`;

function isAutopilotColumn(cell: string): boolean {
	return findColumn(AUTOPILOT_COLUMNS, cell) !== undefined;
}
