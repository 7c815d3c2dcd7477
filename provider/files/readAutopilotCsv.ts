import { type AutopilotCsvRow, formatAutopilotCsvError, loadAutopilotCsv } from "./autopilotCsv.ts";
import { FileError } from "./fileError.ts";

/**
 * Returns the machines of a CSV file in the format that Intune's portal imports and `Get-WindowsAutopilotInfo` writes:
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
 * Only the columns of the serial number and the hash are required. Order and case of the columns do not matter. "Order ID"
 * is a former name of the group tag; "Manufacturer name" and "Device model" are ignored. Any other column is an error, since
 * it may be a misspelt group tag. The portal's limits do not apply: the file may have any number of rows, commas, semicolons
 * or tabs as separators, quoted cells, and UTF-8 or UTF-16 with a byte order mark. Each hash must be unique in the file;
 * serial numbers need not be, and then the names of the resources need more than the serial number.
 *
 * @param path the path of the file, relative to the working directory (in a program: the folder of `Pulumi.yaml`)
 * @returns one row for each machine, in the file's order
 * @throws AutopilotCsvError with all problems of the file, or if it cannot be opened
 */
export function readAutopilotCsv(path: string): AutopilotCsvRow[] {
	if (typeof path !== "string") throw new TypeError("readAutopilotCsv takes the path of a file, as a string");
	const { machines, diagnostics } = loadAutopilotCsv(path);
	if (diagnostics.length > 0) throw new AutopilotCsvError(path, diagnostics);
	return machines;
}

/** A problem in a file of machines. */
export interface AutopilotCsvFault {
	/** The line, from 1; the first line of a row that spans several. 0 for the file as a whole. */
	readonly line: number;
	/** The number of the cell in its row, from 1. 0 for the file as a whole. */
	readonly column: number;
	/** The problem and the remedy, without any hardware hash. */
	readonly text: string;
}

/**
 * A file of machines that cannot be used, with all its problems. Pulumi prints the message alone, which lists the first 20.
 */
export class AutopilotCsvError extends FileError<AutopilotCsvFault> {
	override readonly name = "AutopilotCsvError";
	readonly code = "AutopilotCsvError";

	constructor(path: string, faults: readonly AutopilotCsvFault[]) {
		super(`${formatAutopilotCsvError(path, faults)}\n[AutopilotCsvError]`, { path, faults });
	}
}
