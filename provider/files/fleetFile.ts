import type { FleetDevice } from "../deviceFleet.ts";
import { type Diagnostic, formatDiagnostics } from "./fileFault.ts";
import { UnreadableFileError } from "./fileText.ts";
import { readDeviceFile } from "./fleetFile.form.ts";
import { DeviceCollector } from "./fleetFile.roll.ts";

/** What a file of devices holds. */
export interface FleetFile {
	/** The devices by id, in the file's order; none where there are faults. */
	readonly devices: Record<string, FleetDevice>;
	/** All that is wrong, in the file's order. */
	readonly diagnostics: readonly Diagnostic[];
	/** What the file says more than a fleet declares, in a sentence; undefined where it says nothing more. */
	readonly passedOver: string | undefined;
}

/** Reads a file of devices as `readFleet` does, without Pulumi. */
export function loadFleetFile(path: string): FleetFile {
	const collector = new DeviceCollector();
	try {
		readDeviceFile(path, collector);
	} catch (error) {
		if (error instanceof UnreadableFileError) return { devices: {}, diagnostics: [error.diagnostic], passedOver: undefined };
		throw error;
	}
	const diagnostics = collector.faults();
	return { devices: diagnostics.length > 0 ? {} : collector.getDevices(), diagnostics, passedOver: collector.passedOver() };
}

/** What to say of a file of devices that can't be used. */
export function formatFleetFileError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" can't be used as a fleet of devices:`, diagnostics);
}
