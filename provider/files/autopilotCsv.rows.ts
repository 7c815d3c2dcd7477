import { AUTOPILOT_COLUMNS, type AutopilotCsvRow, type MachineProperty } from "./autopilotCsv.columns.ts";
import { getColumnTitle } from "./csvColumns.ts";
import { locateColumn, type CsvHeader, describeLostDigits, checkRowWidth } from "./csvHeader.ts";
import { isBlank, type CsvRow } from "./csvTable.ts";
import type { Diagnostic } from "./fileFault.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";

/** What the rows of a list say, and what is wrong with them. */
export interface ParsedMachines {
	readonly machines: AutopilotCsvRow[];
	readonly diagnostics: readonly Diagnostic[];
}

/** Reads the rows below the header. */
export function parseMachineRows(rows: readonly CsvRow[], header: CsvHeader<MachineProperty>): ParsedMachines {
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
		for (const [property, text] of checkMachine(machine, linesByHash))
			diagnostics.push(...locateColumn(header, property).map((column) => ({ line, column, text })));
		const hash = machine.hardwareIdentifier;
		if (!linesByHash.has(hash)) linesByHash.set(hash, line);
		machines.push(machine);
	}
	return { machines, diagnostics };
}

/**
 * The cells by their names; required ones that are blank are the empty text. Blanks around a cell are dropped where they
 * can only be slips, and kept in serial numbers.
 */
function parseMachineRow(cells: readonly string[], { columnIndexes }: CsvHeader<MachineProperty>): AutopilotCsvRow {
	const machine: AutopilotCsvRow = { serialNumber: "", hardwareIdentifier: "" };
	for (const [property, columnIndex] of columnIndexes) {
		const cell = cells[columnIndex] ?? "";
		if (!isBlank(cell)) machine[property] = property === "serialNumber" ? cell : cell.trim();
	}
	return machine;
}

/** What is wrong with a machine, in the order of the portal's columns. */
function checkMachine(machine: AutopilotCsvRow, linesByHash: ReadonlyMap<string, number>): [MachineProperty, string][] {
	const { serialNumber, hardwareIdentifier, ...optionalValues } = machine;
	const problems: [MachineProperty, string | undefined][] = [
		["serialNumber", checkSerialNumber(serialNumber)],
		["hardwareIdentifier", checkHardwareHash(hardwareIdentifier, linesByHash)],
		...OPTIONAL_PROPERTIES.map((property): [MachineProperty, string | undefined] => [
			property,
			isDamaged(optionalValues[property] ?? "") ? DAMAGED_TEXT_MESSAGE : undefined,
		]),
	];
	return problems.flatMap(([property, text]) =>
		text === undefined ? [] : [[property, `${getColumnTitle(AUTOPILOT_COLUMNS, property)} ${text}`]],
	);
}

const OPTIONAL_PROPERTIES = ["productKey", "groupTag", "assignedUserPrincipalName"] as const;

function checkSerialNumber(serialNumber: string): string | undefined {
	if (serialNumber === "") return "is blank";
	if (isDamaged(serialNumber)) return DAMAGED_TEXT_MESSAGE;
	return describeLostDigits(serialNumber);
}

function checkHardwareHash(hash: string, linesByHash: ReadonlyMap<string, number>): string | undefined {
	if (hash === "") return "is blank";
	const firstLine = linesByHash.get(hash);
	if (firstLine !== undefined) return `is the one of line ${firstLine} again; a machine stands in a list once`;
	const invalidIndex = hash.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
	if (invalidIndex !== -1) return `is no base64: its character ${invalidIndex + 1} is none of A-Z a-z 0-9 + /`;
	if (hash.length % 4 === 0) return undefined;
	return `is no base64: it has ${hash.length} characters, which is no multiple of 4; some were cut off`;
}
