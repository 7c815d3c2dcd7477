import * as pulumi from "@pulumi/pulumi";
import { formatFleetFileError } from "./fleetFile.ts";

/** One thing that is wrong with a file of devices. */
export interface FleetFileFault {
	/** The line of the file, from 1; of a CSV row over several lines, its first one. 0 for the file as a whole. */
	readonly line: number;
	/**
	 * Where in the line, from 1, counted in UTF-16 units; in CSV the cell's place in its row, as a spreadsheet counts it. 0
	 * for the file as a whole.
	 */
	readonly column: number;
	/** What is wrong, and what to do. It never repeats a key. */
	readonly text: string;
}

/**
 * A file of devices that can't be used as it is, with all that is wrong with it. Pulumi shows it by its message alone, which
 * tells the first 20 faults.
 */
export class FleetFileError extends pulumi.RunError {
	override readonly name = "FleetFileError";
	readonly code = "FleetFileError";
	/** The file, as the program named it. */
	readonly path: string;
	/** Everything that was found, in the file's order. */
	readonly faults: readonly FleetFileFault[];

	constructor(path: string, faults: readonly FleetFileFault[]) {
		super(formatFleetFileError(path, faults));
		this.path = path;
		this.faults = faults;
	}
}
