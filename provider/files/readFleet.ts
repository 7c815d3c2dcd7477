import * as pulumi from "@pulumi/pulumi";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { formatFleetFileError, loadFleetFile } from "./fleetFile.ts";

/** How a file of devices is read. */
export interface ReadFleetOptions {
	/**
	 * Told once, in a sentence, where the file says more than a fleet declares: twins (`tags`, `properties`), modules, what
	 * runs on gateways. Default: a warning of Pulumi.
	 */
	onPassedOver?: (text: string) => void;
}

/**
 * Reads the devices of a `DeviceFleet` from a file:
 *
 * ```ts
 * import { DeviceFleet, readFleet } from "pulumi-device-identity";
 *
 * new DeviceFleet("plant", { devices: readFleet("plant.csv") });
 * ```
 *
 * The ending of the name says what it is, and the content where that does not:
 *
 * - `.csv`, `.tsv`: a row for each device, below names of columns, in any order: `deviceId`, `parent`, `iotEdge`, `status`,
 *   `statusReason`, `authenticationType`, `primaryKey`, `secondaryKey`, `primaryThumbprint`, `secondaryThumbprint`. Only the
 *   first must be there; what is blank is not said.
 * - `.json`, `.yaml`, `.yml`: an object of devices by id, or a list of devices with `deviceId` or `id`. A device is written as
 *   a {@link FleetDevice}, or as the hub and `az iot hub device-identity list` show it.
 * - `.ndjson`, `.jsonl`: such a device on each line, which is what a hub's export job writes (`devices.txt`).
 * - `.yaml`, `.json` with `edgeDevices`: the configuration of `az iot edge devices create`, whose devices are gateways below
 *   each other.
 *
 * A parent is named by its id, or by its scope as exports have it; it stands in the same file, which says of it that it is a
 * gateway. A file with keys is as secret as they are, and makes the whole fleet a secret.
 *
 * @param path the file; a relative one begins at the working directory, in a program that of its `Pulumi.yaml`
 * @returns the devices by their ids
 * @throws FleetFileError with all that is wrong with the file, or because it can't be opened. What only the hub's rules for
 *   values can tell, such as the characters of an id, is told by the resource.
 */
export function readFleet(path: string, options: ReadFleetOptions = {}): Record<string, FleetDevice> {
	if (typeof path !== "string") throw new TypeError("readFleet takes the path of a file, as a string");
	const { devices, diagnostics, passedOver } = loadFleetFile(path);
	if (diagnostics.length > 0) throw new FleetFileError(path, diagnostics);
	const { onPassedOver = (notice) => void pulumi.log.warn(notice) } = options;
	if (passedOver !== undefined) onPassedOver(`"${path}": ${passedOver}`);
	return devices;
}

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
