import { AUTOPILOT_COLUMNS, type AutopilotCsvRow } from "./autopilotCsv.columns.ts";
import { AutopilotCsvError } from "./autopilotCsv.errors.ts";
import { machinesOf } from "./autopilotCsv.rows.ts";
import { columnNamed } from "./csvColumns.ts";
import { headerOf } from "./csvHeader.ts";
import { eachRow, type Row } from "./csvTable.ts";
import { WHOLE } from "./fileFault.ts";
import { NoText, textOf } from "./fileText.ts";

/**
 * Reads a list of machines in the form that Intune's portal imports and `Get-WindowsAutopilotInfo` writes:
 *
 *     Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User
 *
 * ```ts
 * import { AutopilotIdentity, readAutopilotCsv } from "pulumi-device-identity";
 *
 * for (const machine of readAutopilotCsv("machines.csv")) {
 * 	new AutopilotIdentity(machine.serialNumber, machine);
 * }
 * ```
 *
 * Of the columns only the serial number and the hash must be there, in any order and case. "Order ID" is taken for the
 * group tag; "Manufacturer name" and "Device model" are passed over; a column that is none of these is an error, since
 * it may be a misspelt group tag. More is taken than the portal takes: any number of rows, commas, semicolons or tabs,
 * cells in quotes, UTF-8, and UTF-16 with a byte order mark. Hashes are unique in a list; serial numbers may not be, and
 * then the names of the resources need more than the serial number.
 *
 * @param path the file; a relative one begins at the working directory, in a program that of its `Pulumi.yaml`
 * @returns a row for each machine, in the file's order
 * @throws AutopilotCsvError with all that is wrong with the file, or because it can't be opened
 */
export function readAutopilotCsv(path: string): AutopilotCsvRow[] {
	if (typeof path !== "string") throw new TypeError("readAutopilotCsv takes the path of a file, as a string");
	const rows: Row[] = [];
	const unread = eachRow(textIn(path), { isColumn }, (row) => rows.push(row));
	const [first, ...others] = rows;
	if (first === undefined && unread.length > 0) throw new AutopilotCsvError(path, unread);
	const header = first && headerOf(AUTOPILOT_COLUMNS, first);
	if (header === undefined) throw new AutopilotCsvError(path, [{ ...WHOLE, text: HEADLESS }]);
	const { machines, faults: wrong } = machinesOf(others, header);
	const faults = [...header.faults, ...wrong, ...unread];
	if (faults.length > 0) throw new AutopilotCsvError(path, faults);
	return machines;
}

const HEADLESS = `its first line must name the columns: "Device Serial Number", "Hardware Hash" and, where there are such, "Windows Product ID", "Group Tag", "Assigned User"`;

function textIn(path: string): string {
	try {
		return textOf(path);
	} catch (error) {
		throw error instanceof NoText ? new AutopilotCsvError(path, [error.fault]) : error;
	}
}

function isColumn(cell: string): boolean {
	return columnNamed(AUTOPILOT_COLUMNS, cell) !== undefined;
}
