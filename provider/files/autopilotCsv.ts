import type { SerialMismatchPolicy } from "../rules/machineSerial.ts";
import { MachineCollector } from "./autopilotCsv.machine.ts";
import { findReportTable } from "./autopilotCsv.report.ts";
import type {
	AutopilotCsvOptions,
	AutopilotCsvRow,
	MachineProperty,
	MachineTable,
} from "./autopilotCsv.schema.ts";
import { type CsvColumns, type CsvHeader, checkRowWidth, findColumn, parseHeader } from "./csvHeader.ts";
import { customizeColumns } from "./csvOptions.ts";
import { type CsvRow, isBlank, parseCsvRows } from "./csvParser.ts";
import { type Diagnostic, formatDiagnostics, WHOLE_FILE } from "./diagnostics.ts";
import { readText, UnreadableFileError } from "./fileText.ts";

/**
 * The columns of the portal in its order ("Manually register devices with Windows Autopilot", Microsoft Learn), the former
 * name of the group tag, and the columns that `Get-WindowsAutopilotInfo -Partner` writes for the Partner Center.
 */
const AUTOPILOT_COLUMNS: CsvColumns<MachineProperty> = {
	all: [
		{ title: "Device Serial Number", property: "serialNumber" },
		{ title: "Windows Product ID", property: "productKey" },
		{ title: "Hardware Hash", property: "hardwareIdentifier" },
		{ title: "Group Tag", property: "groupTag" },
		{ title: "Assigned User", property: "assignedUserPrincipalName" },
		{ title: "Order ID", property: "groupTag" },
		{ title: "Manufacturer name" },
		{ title: "Device model" },
	],
	required: ["serialNumber", "hardwareIdentifier"],
	programNames: {
		serialNumber: "serialNumber",
		hardwareIdentifier: "hardwareIdentifier",
		productKey: "productKey",
		groupTag: "groupTag",
		assignedUserPrincipalName: "assignedUserPrincipalName",
	},
};

/** The names to which a program can map a column. */
export const MACHINE_PROPERTIES: readonly string[] = Object.keys(AUTOPILOT_COLUMNS.programNames);

/** A file of machines after reading. */
export interface AutopilotCsv {
	/** One row for each machine, in the file's order; empty if there are problems. */
	readonly machines: AutopilotCsvRow[];
	/** All problems. */
	readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of machines as `readAutopilotCsv` does, without loading Pulumi. */
export function loadAutopilotCsv(path: string, options: AutopilotCsvOptions = {}): AutopilotCsv {
	try {
		const columns = customizeColumns(AUTOPILOT_COLUMNS, options);
		return parseAutopilotCsv(readText(path), columns, options.onSerialNumberMismatch ?? "fail");
	} catch (error) {
		if (error instanceof UnreadableFileError) return { machines: [], diagnostics: [error.diagnostic] };
		throw error;
	}
}

function parseAutopilotCsv(
	text: string,
	columns: CsvColumns<MachineProperty>,
	policy: SerialMismatchPolicy,
): AutopilotCsv {
	const rows: CsvRow[] = [];
	const isColumn = (cell: string): boolean => findColumn(columns, cell) !== undefined;
	const unreadDiagnostics = parseCsvRows(text, { isColumn }, (row) => rows.push(row));
	if (rows.length === 0 && unreadDiagnostics.length > 0)
		return { machines: [], diagnostics: unreadDiagnostics };
	const table = findReportTable(rows, columns) ?? findTable(rows, columns);
	if (table === undefined)
		return { machines: [], diagnostics: [{ ...WHOLE_FILE, text: MISSING_AUTOPILOT_HEADER }] };
	const { machines, diagnostics: rowDiagnostics } = parseMachineRows(table, policy);
	const diagnostics = [...table.header.diagnostics, ...rowDiagnostics, ...unreadDiagnostics];
	return { machines: diagnostics.length > 0 ? [] : machines, diagnostics };
}

/** Returns the rows below the header; undefined without a header. */
function findTable(
	[first, ...rows]: readonly CsvRow[],
	columns: CsvColumns<MachineProperty>,
): MachineTable | undefined {
	const header = first && parseHeader(columns, first);
	return header && { header, rows };
}

/** Returns the message for a file of machines with problems. */
export function formatAutopilotCsvError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" cannot be used as a list of Autopilot machines:`, diagnostics);
}

const MISSING_AUTOPILOT_HEADER = `its first line must name the columns: "Device Serial Number" and "Hardware Hash", optionally "Windows Product ID", "Group Tag" and "Assigned User"; if the file names them differently, set columns: { "its name": "serialNumber" }`;

/** Reads the rows below the header. */
function parseMachineRows({ rows, header }: MachineTable, policy: SerialMismatchPolicy): AutopilotCsv {
	const collector = new MachineCollector(header, policy);
	for (const row of rows) {
		const widthDiagnostic = checkRowWidth(row, header);
		if (widthDiagnostic === undefined) collector.addMachine(parseMachineRow(row.cells, header), row.line);
		else collector.addDiagnostic(widthDiagnostic);
	}
	return collector;
}

/**
 * Returns the cells of a row by property; a required one that is blank is the empty string. White space around a cell is
 * removed, except in serial numbers.
 */
function parseMachineRow(
	cells: readonly string[],
	{ columnIndexes }: CsvHeader<MachineProperty>,
): AutopilotCsvRow {
	const machine: AutopilotCsvRow = { serialNumber: "", hardwareIdentifier: "" };
	for (const [property, columnIndex] of columnIndexes) {
		const cell = cells[columnIndex] ?? "";
		if (!isBlank(cell)) machine[property] = property === "serialNumber" ? cell : cell.trim();
	}
	return machine;
}
