import { SERIAL_MISMATCH_POLICIES } from "../rules/machineSerial.ts";
import type { AutopilotCsvRow } from "./autopilotCsv.schema.ts";
import { formatAutopilotCsvError, loadAutopilotCsv, MACHINE_PROPERTIES } from "./autopilotCsv.ts";
import { checkReaderOptions } from "./csvOptions.ts";
import { FileError } from "./fileError.ts";

/** Options of {@link readAutopilotCsv}. */
export interface ReadAutopilotCsvOptions {
	/**
	 * The names of columns to ignore, for example `["location", "comment"]`. A name may be missing from the file, and may be one
	 * that the portal has, such as `Assigned User`. Default: none, so any column that the portal does not have is an error, since it
	 * may be a misspelt group tag.
	 */
	ignoreColumns?: readonly string[];
	/**
	 * The columns that the file names differently, with the property that each of them sets, for example
	 * `{ "Asset Serial": "serialNumber" }`. The file must have each of them. Default: none.
	 */
	columns?: Readonly<Record<string, Exclude<keyof AutopilotCsvRow, "onSerialNumberMismatch">>>;
	/**
	 * The reaction to a serial number that is not the one in the hash, for example because two rows are mixed up: `fail` is an error with
	 * both, `accept` returns the row with `onSerialNumberMismatch: "accept"`, so that the resource accepts it, too. Default: `fail`.
	 */
	onSerialNumberMismatch?: "fail" | "accept";
}

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
 * it may be a misspelt group tag, unless {@link ReadAutopilotCsvOptions} ignores or maps it.
 *
 * The portal's limits do not apply: the file may have any number of rows, commas, semicolons or tabs as separators, quoted cells,
 * and UTF-8 or UTF-16 with a byte order mark. A line `sep=;` above the header sets the separator; lines that begin with `#` are
 * skipped there. Configuration Manager's report "Windows Autopilot Device Information" is read, too.
 *
 * Each machine and each serial number must be unique in the file; a machine that was collected twice has two hashes that say the same.
 * The exception are serial numbers that firmware reports if nobody filled them in, such as `Default string`, if the hashes are of
 * different mainboards; then the resources need other names. Missing padding of a hash is completed. What the resource's check would
 * refuse is an error with its line, for example a serial number that a spreadsheet changed, or one that is not the one in the hash.
 *
 * @param path the path of the file, relative to the working directory (in a program: the folder of `Pulumi.yaml`)
 * @param options which other columns to ignore or map, and whether serial numbers may differ from those in the hashes
 * @returns one row for each machine, in the file's order
 * @throws AutopilotCsvError with all problems of the file, or if it cannot be opened
 * @throws TypeError for an unknown option or value, a mapping to an unknown property, two columns mapped to the same one, or a column that
 *   is both mapped and ignored
 * @group Readers
 */
export function readAutopilotCsv(path: string, options: ReadAutopilotCsvOptions = {}): AutopilotCsvRow[] {
	if (typeof path !== "string") throw new TypeError("readAutopilotCsv: the path must be a string");
	checkReaderOptions({
		reader: "readAutopilotCsv",
		options,
		knownOptions: Object.keys(READ_AUTOPILOT_CSV_OPTIONS),
		knownColumns: MACHINE_PROPERTIES,
	});
	const { onSerialNumberMismatch: policy = "fail" } = options;
	if (!SERIAL_MISMATCH_POLICIES.includes(policy))
		throw new TypeError('readAutopilotCsv: onSerialNumberMismatch must be "fail" or "accept"');
	const { machines, diagnostics } = loadAutopilotCsv(path, options);
	if (diagnostics.length > 0) throw new AutopilotCsvError(path, diagnostics);
	return machines;
}

/** The names of all options; an option without an entry does not compile. */
const READ_AUTOPILOT_CSV_OPTIONS: Readonly<Record<keyof ReadAutopilotCsvOptions, true>> = {
	ignoreColumns: true,
	columns: true,
	onSerialNumberMismatch: true,
};

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
 * A file of machines that cannot be used, with all its problems. Pulumi prints only the message, which lists the first 20.
 *
 * @group Errors
 */
export class AutopilotCsvError extends FileError<AutopilotCsvFault> {
	override readonly name = "AutopilotCsvError";
	readonly code = "AutopilotCsvError";

	constructor(path: string, faults: readonly AutopilotCsvFault[]) {
		super(`${formatAutopilotCsvError(path, faults)}\n[AutopilotCsvError]`, { path, faults });
	}
}
