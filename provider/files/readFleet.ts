import * as pulumi from "@pulumi/pulumi";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { checkReaderOptions } from "./csvOptions.ts";
import { FileError } from "./fileError.ts";
import { FLEET_COLUMN_TITLES, type FleetColumn } from "./fleetFile.csv.ts";
import { formatFleetFileError, loadFleetFile } from "./fleetFile.ts";

/** Options of {@link readFleet}. */
export interface ReadFleetOptions {
	/**
	 * Called once, with a sentence, if the file contains more than a fleet can declare: twins (`tags`, `properties`), modules, or
	 * deployments of gateways, or members that a later version of the service added. Default: logs a warning to Pulumi.
	 */
	onPassedOver?: (text: string) => void;
	/**
	 * For CSV and TSV files: the names of columns to ignore, for example `["location", "comment"]`. A name may be missing from the
	 * file, and may be one that `readFleet` knows, such as `status`. Default: none, so any column that a fleet does not have is an error,
	 * since it may be a misspelt one.
	 */
	ignoreColumns?: readonly string[];
	/**
	 * For CSV and TSV files: the columns that the file names differently, with the name that `readFleet` has for each, for example
	 * `{ "Device Name": "deviceId" }`. The file must have each of them. Default: none.
	 */
	columns?: Readonly<Record<string, FleetColumn>>;
	/**
	 * The ids of gateways that the file does not hold and that devices of the file name as their parents. Declare the same names in
	 * `gateways` of the fleet. Default: none, so a parent that is not in the file is an error, unless the file has its scope.
	 */
	gateways?: readonly string[];
}

/**
 * Returns the devices of a `DeviceFleet` from a file:
 *
 * ```ts
 * import { DeviceFleet, readFleet } from "pulumi-device-identity";
 *
 * new DeviceFleet("plant", { devices: readFleet("plant.csv") });
 * ```
 *
 * The extension determines the format; for any other extension, the content does:
 *
 * - `.csv`, `.tsv`: one row for each device, below a row with column names in any order: `deviceId`, `parent`, `iotEdge`,
 *   `status`, `statusReason`, `authenticationType`, `primaryKey`, `secondaryKey`, `primaryThumbprint`, `secondaryThumbprint`.
 *   Only `deviceId`, or `id`, is required. A blank cell declares nothing. Other columns are ignored or mapped by {@link ReadFleetOptions}.
 * - `.json`, `.yaml`, `.yml`: an object of devices by id, or a list of devices with `deviceId` or `id`. A device has the form of
 *   a {@link FleetDevice}, or the form that the hub and `az iot hub device-identity list` return.
 * - `.ndjson`, `.jsonl`: one such device on each line, as an export job of a hub writes them (`devices.txt`).
 * - `.yaml`, `.json` with `edgeDevices`: the configuration of `az iot edge devices create`, a tree of gateways.
 *
 * Devices may also have the form in which the SDKs, `Get-AzIotHubDevice` and `az iot hub state export` write them, within
 * `{ "devices": […] }` or `{ "value": […] }`. Words may have any case, and the empty string counts as absent. A device with an etag, a
 * generation id or an import mode may have members that are unknown here; they are reported as content that a fleet cannot declare.
 *
 * A parent is given by its id, or by its scope as in exports. A parent in the file must be a gateway. One that is not in the file, as in
 * an export of some of a hub's devices, stays a scope (`deviceScope`, or `parentScopes` of a gateway), or is named in the option
 * `gateways`. A file with keys makes the whole fleet a secret; protect the file like its keys.
 *
 * @param path the path of the file, relative to the working directory (in a program: the folder of `Pulumi.yaml`)
 * @param options which columns of a CSV file to ignore or map, and how to report content that a fleet cannot declare
 * @returns the devices by id
 * @throws FleetFileError with all problems of the file, or if it cannot be opened. The rules of the hub for a device, such as the
 *   characters of an id, are those of the resource.
 * @throws TypeError for an unknown option, for `gateways` that is not a list of strings, a mapping to an unknown column, two columns mapped
 *   to the same one, or a column that is both mapped and ignored
 * @group Readers
 */
export function readFleet(path: string, options: ReadFleetOptions = {}): Record<string, FleetDevice> {
	if (typeof path !== "string") throw new TypeError("readFleet: the path must be a string");
	checkReaderOptions({
		reader: "readFleet",
		options,
		knownOptions: Object.keys(READ_FLEET_OPTIONS),
		knownColumns: FLEET_COLUMN_TITLES,
	});
	const { gateways } = options;
	if (gateways !== undefined && !(Array.isArray(gateways) && gateways.every((id) => typeof id === "string")))
		throw new TypeError("readFleet: gateways must be a list of ids");
	const { devices, diagnostics, passedOver } = loadFleetFile(path, options);
	if (diagnostics.length > 0) throw new FleetFileError(path, diagnostics);
	const { onPassedOver = (notice) => void pulumi.log.warn(notice) } = options;
	if (passedOver !== undefined) onPassedOver(`"${path}": ${passedOver}`);
	return devices;
}

/** The names of all options; an option without an entry does not compile. */
const READ_FLEET_OPTIONS: Readonly<Record<keyof ReadFleetOptions, true>> = {
	onPassedOver: true,
	ignoreColumns: true,
	columns: true,
	gateways: true,
};

/** A problem in a file of devices. */
export interface FleetFileFault {
	/** The line, from 1; the first line of a CSV row that spans several. 0 for the file as a whole. */
	readonly line: number;
	/**
	 * The position in the line, from 1, in UTF-16 code units; for CSV the number of the cell in its row. 0 for the file as a
	 * whole.
	 */
	readonly column: number;
	/** The problem and the remedy, without any key. */
	readonly text: string;
}

/**
 * A file of devices that cannot be used, with all its problems. Pulumi prints only the message, which lists the first 20.
 *
 * @group Errors
 */
export class FleetFileError extends FileError<FleetFileFault> {
	override readonly name = "FleetFileError";
	readonly code = "FleetFileError";

	constructor(path: string, faults: readonly FleetFileFault[]) {
		super(`${formatFleetFileError(path, faults)}\n[FleetFileError]`, { path, faults });
	}
}
