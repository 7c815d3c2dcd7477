import type { SerialMismatchPolicy } from "../rules/machineSerial.ts";
import type { CsvHeader } from "./csvHeader.ts";
import type { CsvColumnOptions } from "./csvOptions.ts";
import type { CsvRow } from "./csvParser.ts";

/** A machine in a CSV file; it is assignable to `AutopilotIdentityArgs`. Blank cells are absent. */
export interface AutopilotCsvRow {
	/**
	 * "Device Serial Number", unchanged including its spaces: exports contain the value of the firmware, which may be padded.
	 * It is not unique: different machines may report "Default string".
	 */
	serialNumber: string;
	/** "Hardware Hash", in base64 with its padding. It describes the machine and its owner: treat it as a secret. */
	hardwareIdentifier: string;
	/** "Windows Product ID", usually blank. */
	productKey?: string;
	/** "Group Tag", in old files "Order ID". */
	groupTag?: string;
	/** "Assigned User". */
	assignedUserPrincipalName?: string;
	/** Set by the reader, if its option accepts a serial number that is not the one in the hash. */
	onSerialNumberMismatch?: "accept";
}

/** A property of a machine that a column sets. */
export type MachineProperty = Exclude<keyof AutopilotCsvRow, "onSerialNumberMismatch">;

/** How to read a list of machines. */
export interface AutopilotCsvOptions extends CsvColumnOptions {
	/** What to do about a serial number that is not the one in the hash. Default: `fail`. */
	readonly onSerialNumberMismatch?: SerialMismatchPolicy;
}

/** The rows of machines, and the header by which they are read. */
export interface MachineTable {
	readonly header: CsvHeader<MachineProperty>;
	readonly rows: readonly CsvRow[];
}
