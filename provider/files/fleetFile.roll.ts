import type { FleetDevice } from "../deviceFleet.ts";
import { type Diagnostic, type SourcePosition, quoteName } from "./fileFault.ts";
import { DeviceReader, type DeviceEntry } from "./fleetFile.device.ts";
import type { DeviceValues } from "./fleetFile.facts.ts";
import { checkParents } from "./fleetFile.kin.ts";
import type { FindingsCollector } from "./shape.ts";

/** The devices of a file as they are read, and what is found on the way. */
export class DeviceCollector implements FindingsCollector {
	readonly #entries = new Map<string, DeviceEntry>();
	readonly #diagnostics: Diagnostic[] = [];
	readonly #ignoredCounts = new Map<string, number>();

	/** Takes what a file says of a device. */
	addDevice(values: DeviceValues, position: SourcePosition): void {
		if (values.has("moduleId")) this.addIgnored("modules");
		else this.#enter(new DeviceReader(values, (fault) => this.addDiagnostic(fault)).readEntry(position));
	}

	#enter(entry: DeviceEntry | undefined): void {
		if (entry === undefined) return;
		const { id, line, column } = entry;
		const first = this.#entries.get(id);
		if (first === undefined) this.#entries.set(id, entry);
		else
			this.addDiagnostic({ line, column, text: `${quoteName(id)} is a second device of the id in line ${first.line}` });
	}

	/** Takes note of what is wrong. */
	addDiagnostic(diagnostic: Diagnostic): void {
		this.#diagnostics.push(diagnostic);
	}

	/** Takes note of what a fleet has no use for. */
	addIgnored(name: string): void {
		this.#ignoredCounts.set(name, (this.#ignoredCounts.get(name) ?? 0) + 1);
	}

	/** All that is wrong, in the file's order. */
	faults(): readonly Diagnostic[] {
		const all = this.#diagnostics.concat(checkParents(this.#entries));
		return all.sort((a, b) => a.line - b.line || a.column - b.column);
	}

	/** The devices by id. */
	getDevices(): Record<string, FleetDevice> {
		const devices: Record<string, FleetDevice> = {};
		// The hub takes that id too; assigned, it would be no property.
		for (const [id, { device }] of this.#entries)
			if (id === "__proto__") Object.defineProperty(devices, id, { ...PROPERTY_DESCRIPTOR, value: device });
			else devices[id] = device;
		return devices;
	}

	/** What was passed over, in words; undefined where nothing was. */
	passedOver(): string | undefined {
		if (this.#ignoredCounts.size === 0) return undefined;
		const names = [...this.#ignoredCounts].map(([name, count]) =>
			count === 1 ? name : `${name} (${count} times)`,
		);
		return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} passed over: a fleet declares who the devices are, and neither twins nor modules nor what runs on a device`;
	}
}

const PROPERTY_DESCRIPTOR = { configurable: true, enumerable: true, writable: true };
