import type { AutopilotCsvRow } from "./autopilotCsv.columns.ts";
import { AutopilotCsvError } from "./autopilotCsv.errors.ts";
import { loadAutopilotCsv } from "./autopilotCsv.ts";

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
