import * as pulumi from "@pulumi/pulumi";
import { type AutopilotCsvRow, formatAutopilotCsvError, loadAutopilotCsv } from "./autopilotCsv.ts";

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
	const { machines, diagnostics } = loadAutopilotCsv(path);
	if (diagnostics.length > 0) throw new AutopilotCsvError(path, diagnostics);
	return machines;
}

/** One thing that is wrong with a list of machines. */
export interface AutopilotCsvFault {
	/** The line of the file, from 1; of a row over several lines, its first one. 0 for the file as a whole. */
	readonly line: number;
	/** The column as a spreadsheet counts it: the cell's place in its row, from 1. 0 for the file as a whole. */
	readonly column: number;
	/** What is wrong, and what to do. It never repeats a hardware hash. */
	readonly text: string;
}

/**
 * A list of machines that can't be used as it is, with all that is wrong with it. Pulumi shows it by its message alone,
 * which tells the first 20 faults.
 */
export class AutopilotCsvError extends pulumi.RunError {
	override readonly name = "AutopilotCsvError";
	readonly code = "AutopilotCsvError";
	/** The file, as the program named it. */
	readonly path: string;
	/** Everything that was found, in the file's order. */
	readonly faults: readonly AutopilotCsvFault[];

	constructor(path: string, faults: readonly AutopilotCsvFault[]) {
		super(formatAutopilotCsvError(path, faults));
		this.path = path;
		this.faults = faults;
	}
}
