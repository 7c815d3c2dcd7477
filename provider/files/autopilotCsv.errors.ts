import * as pulumi from "@pulumi/pulumi";
import { formatAutopilotCsvError } from "./autopilotCsv.ts";

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
