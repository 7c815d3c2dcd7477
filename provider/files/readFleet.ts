import * as pulumi from "@pulumi/pulumi";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { FileError } from "./fileError.ts";
import { formatFleetFileError, loadFleetFile } from "./fleetFile.ts";

/** Options of {@link readFleet}. */
export interface ReadFleetOptions {
	/**
	 * Called once, with a sentence, if the file contains more than a fleet declares: twins (`tags`, `properties`), modules, or
	 * deployments of gateways. Default: a warning in the log of Pulumi.
	 */
	onPassedOver?: (text: string) => void;
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
 * The format follows from the extension, and for any other extension from the content:
 *
 * - `.csv`, `.tsv`: one row for each device, below a row with column names in any order: `deviceId`, `parent`, `iotEdge`,
 *   `status`, `statusReason`, `authenticationType`, `primaryKey`, `secondaryKey`, `primaryThumbprint`, `secondaryThumbprint`.
 *   Only `deviceId` is required. A blank cell declares nothing.
 * - `.json`, `.yaml`, `.yml`: an object of devices by id, or a list of devices with `deviceId` or `id`. A device has the form of
 *   a {@link FleetDevice}, or the form that the hub and `az iot hub device-identity list` return.
 * - `.ndjson`, `.jsonl`: one such device on each line, as an export job of a hub writes them (`devices.txt`).
 * - `.yaml`, `.json` with `edgeDevices`: the configuration of `az iot edge devices create`, a tree of gateways.
 *
 * A parent is given by its id, or by its scope as in exports. The parent must be a gateway in the same file. A file with keys
 * makes the whole fleet a secret; protect the file like its keys.
 *
 * @param path the path of the file, relative to the working directory (in a program: the folder of `Pulumi.yaml`)
 * @returns the devices by id
 * @throws FleetFileError with all problems of the file, or if it cannot be opened. Rules of the hub for single values, such as
 *   the characters of an id, are checked by the resource.
 */
export function readFleet(path: string, options: ReadFleetOptions = {}): Record<string, FleetDevice> {
	if (typeof path !== "string") throw new TypeError("readFleet takes the path of a file, as a string");
	const { devices, diagnostics, passedOver } = loadFleetFile(path);
	if (diagnostics.length > 0) throw new FleetFileError(path, diagnostics);
	const { onPassedOver = (notice) => void pulumi.log.warn(notice) } = options;
	if (passedOver !== undefined) onPassedOver(`"${path}": ${passedOver}`);
	return devices;
}

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
 * A file of devices that cannot be used, with all its problems. Pulumi prints the message alone, which lists the first 20.
 */
export class FleetFileError extends FileError<FleetFileFault> {
	override readonly name = "FleetFileError";
	readonly code = "FleetFileError";

	constructor(path: string, faults: readonly FleetFileFault[]) {
		super(`${formatFleetFileError(path, faults)}\n[FleetFileError]`, { path, faults });
	}
}
