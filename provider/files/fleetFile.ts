import type { FleetDevice } from "../deviceFleet.ts";
import { type FileFault, messageOf } from "./fileFault.ts";
import { NoText } from "./fileText.ts";
import { readFile } from "./fleetFile.form.ts";
import { Roll } from "./fleetFile.roll.ts";

/** What a file of devices holds. */
export interface FleetFile {
	/** The devices by id, in the file's order; none where there are faults. */
	readonly devices: Record<string, FleetDevice>;
	/** All that is wrong, in the file's order. */
	readonly faults: readonly FileFault[];
	/** What the file says more than a fleet declares, in a sentence; undefined where it says nothing more. */
	readonly passedOver: string | undefined;
}

/** Reads a file of devices as `readFleet` does, without Pulumi. */
export function fleetIn(path: string): FleetFile {
	const roll = new Roll();
	try {
		readFile(path, roll);
	} catch (error) {
		if (error instanceof NoText) return { devices: {}, faults: [error.fault], passedOver: undefined };
		throw error;
	}
	const faults = roll.faults();
	return { devices: faults.length > 0 ? {} : roll.devices(), faults, passedOver: roll.passedOver() };
}

/** What to say of a file of devices that can't be used. */
export function fleetFileFailure(path: string, faults: readonly FileFault[]): string {
	return messageOf(`"${path}" can't be used as a fleet of devices:`, faults);
}
