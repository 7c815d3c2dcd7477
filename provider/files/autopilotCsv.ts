import {
	type CsvColumns,
	type CsvHeader,
	checkRowWidth,
	describeLostDigits,
	findColumn,
	getColumnTitle,
	locateColumn,
	parseHeader,
} from "./csvHeader.ts";
import { type CsvColumnOptions, customizeColumns } from "./csvOptions.ts";
import { type CsvRow, isBlank, parseCsvRows } from "./csvParser.ts";
import { type Diagnostic, formatDiagnostics, WHOLE_FILE } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged, readText, UnreadableFileError } from "./fileText.ts";

/** A machine in a CSV file; it is assignable to `AutopilotIdentityArgs`. Blank cells are absent. */
export interface AutopilotCsvRow {
	/**
	 * "Device Serial Number", unchanged including its spaces: exports contain the value of the firmware, which may be padded.
	 * It is not unique: different machines may report "Default string".
	 */
	serialNumber: string;
	/** "Hardware Hash", in base64. It describes the machine and its owner: treat it as a secret. */
	hardwareIdentifier: string;
	/** "Windows Product ID", usually blank. */
	productKey?: string;
	/** "Group Tag", in old files "Order ID". */
	groupTag?: string;
	/** "Assigned User". */
	assignedUserPrincipalName?: string;
}

/** A property of a machine that a column sets. */
export type MachineProperty = keyof AutopilotCsvRow;

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
export function loadAutopilotCsv(path: string, options: CsvColumnOptions = {}): AutopilotCsv {
	try {
		return parseAutopilotCsv(readText(path), customizeColumns(AUTOPILOT_COLUMNS, options));
	} catch (error) {
		if (error instanceof UnreadableFileError) return { machines: [], diagnostics: [error.diagnostic] };
		throw error;
	}
}

function parseAutopilotCsv(text: string, columns: CsvColumns<MachineProperty>): AutopilotCsv {
	const rows: CsvRow[] = [];
	const isColumn = (cell: string): boolean => findColumn(columns, cell) !== undefined;
	const unreadDiagnostics = parseCsvRows(text, { isColumn }, (row) => rows.push(row));
	const [first, ...others] = rows;
	if (first === undefined && unreadDiagnostics.length > 0)
		return { machines: [], diagnostics: unreadDiagnostics };
	const header = first && parseHeader(columns, first);
	if (header === undefined)
		return { machines: [], diagnostics: [{ ...WHOLE_FILE, text: MISSING_AUTOPILOT_HEADER }] };
	const { machines, diagnostics: rowDiagnostics } = parseMachineRows(others, header);
	const diagnostics = [...header.diagnostics, ...rowDiagnostics, ...unreadDiagnostics];
	return { machines: diagnostics.length > 0 ? [] : machines, diagnostics };
}

/** Returns the message for a file of machines with problems. */
export function formatAutopilotCsvError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" cannot be used as a list of Autopilot machines:`, diagnostics);
}

const MISSING_AUTOPILOT_HEADER = `its first line must name the columns: "Device Serial Number" and "Hardware Hash", optionally "Windows Product ID", "Group Tag" and "Assigned User"; if the file names them differently, set columns: { "its name": "serialNumber" }`;

/** The machines of the rows, and their problems. */
export interface ParsedMachines {
	readonly machines: AutopilotCsvRow[];
	readonly diagnostics: readonly Diagnostic[];
}

/** Reads the rows below the header. */
function parseMachineRows(rows: readonly CsvRow[], header: CsvHeader<MachineProperty>): ParsedMachines {
	const machines: AutopilotCsvRow[] = [];
	const diagnostics: Diagnostic[] = [];
	const linesByHash = new Map<string, number>();
	for (const row of rows) {
		const { line, cells } = row;
		const widthDiagnostic = checkRowWidth(row, header);
		if (widthDiagnostic !== undefined) {
			diagnostics.push(widthDiagnostic);
			continue;
		}
		const machine = parseMachineRow(cells, header);
		for (const [property, problem] of checkMachine(machine, linesByHash)) {
			const text = `${getColumnTitle(header.columns, property)} ${problem}`;
			diagnostics.push(...locateColumn(header, property).map((column) => ({ line, column, text })));
		}
		const hash = machine.hardwareIdentifier;
		if (!linesByHash.has(hash)) linesByHash.set(hash, line);
		machines.push(machine);
	}
	return { machines, diagnostics };
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

/** Returns the problems of a machine, in the order of the portal's columns. */
function checkMachine(
	machine: AutopilotCsvRow,
	linesByHash: ReadonlyMap<string, number>,
): [MachineProperty, string][] {
	const { serialNumber, hardwareIdentifier, ...optionalValues } = machine;
	const problems: [MachineProperty, string | undefined][] = [
		["serialNumber", checkSerialNumber(serialNumber)],
		["hardwareIdentifier", checkHardwareHash(hardwareIdentifier, linesByHash)],
		...OPTIONAL_PROPERTIES.map((property): [MachineProperty, string | undefined] => [
			property,
			isDamaged(optionalValues[property] ?? "") ? DAMAGED_TEXT_MESSAGE : undefined,
		]),
	];
	return problems.flatMap(([property, text]) => (text === undefined ? [] : [[property, text]]));
}

const OPTIONAL_PROPERTIES = ["productKey", "groupTag", "assignedUserPrincipalName"] as const;

function checkSerialNumber(serialNumber: string): string | undefined {
	if (serialNumber === "") return "is blank; fill it in, or drop the row";
	if (isDamaged(serialNumber)) return DAMAGED_TEXT_MESSAGE;
	return describeLostDigits(serialNumber);
}

function checkHardwareHash(hash: string, linesByHash: ReadonlyMap<string, number>): string | undefined {
	if (hash === "") return `is blank; ${EXPORT_AGAIN}`;
	const firstLine = linesByHash.get(hash);
	if (firstLine !== undefined)
		return `is the same as in line ${firstLine}; a list may contain a machine only once, so drop one of the rows`;
	const invalidIndex = hash.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
	if (invalidIndex !== -1)
		return `is not valid base64: character ${invalidIndex + 1} is not one of A-Z a-z 0-9 + /; ${EXPORT_AGAIN}`;
	if (hash.length % 4 === 0) return undefined;
	return `is not valid base64: it has ${hash.length} characters, which is not a multiple of 4, so some were cut off; ${EXPORT_AGAIN}`;
}

/** The remedy for a hash that an editor or a spreadsheet damaged. No hash can be repaired by hand. */
const EXPORT_AGAIN =
	"export the row again (`Get-WindowsAutopilotInfo -OutputFile machines.csv`) and do not save the file in a spreadsheet";
