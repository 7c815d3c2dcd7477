import type { FleetDevice } from "../deviceFleet.ts";
import { type FileFault, type Place, quoted } from "./fileFault.ts";
import { DeviceReader, type Entry } from "./fleetFile.device.ts";
import type { DeviceFacts } from "./fleetFile.facts.ts";
import { kinFaults } from "./fleetFile.kin.ts";
import type { Findings } from "./shape.ts";

/** The devices of a file as they are read, and what is found on the way. */
export class Roll implements Findings {
	readonly #kin = new Map<string, Entry>();
	readonly #faults: FileFault[] = [];
	readonly #passedOver = new Map<string, number>();

	/** Takes what a file says of a device. */
	enter(facts: DeviceFacts, place: Place): void {
		if (facts.has("moduleId")) this.passOver("modules");
		else this.#enter(new DeviceReader(facts, (fault) => this.fault(fault)).entry(place));
	}

	#enter(entry: Entry | undefined): void {
		if (entry === undefined) return;
		const { id, line, column } = entry;
		const first = this.#kin.get(id);
		if (first === undefined) this.#kin.set(id, entry);
		else
			this.fault({ line, column, text: `${quoted(id)} is a second device of the id in line ${first.line}` });
	}

	/** Takes note of what is wrong. */
	fault(fault: FileFault): void {
		this.#faults.push(fault);
	}

	/** Takes note of what a fleet has no use for. */
	passOver(name: string): void {
		this.#passedOver.set(name, (this.#passedOver.get(name) ?? 0) + 1);
	}

	/** All that is wrong, in the file's order. */
	faults(): readonly FileFault[] {
		const all = this.#faults.concat(kinFaults(this.#kin));
		return all.sort((a, b) => a.line - b.line || a.column - b.column);
	}

	/** The devices by id. */
	devices(): Record<string, FleetDevice> {
		const devices: Record<string, FleetDevice> = {};
		// The hub takes that id too; assigned, it would be no property.
		for (const [id, { device }] of this.#kin)
			if (id === "__proto__") Object.defineProperty(devices, id, { ...PROPERTY, value: device });
			else devices[id] = device;
		return devices;
	}

	/** What was passed over, in words; undefined where nothing was. */
	passedOver(): string | undefined {
		if (this.#passedOver.size === 0) return undefined;
		const names = [...this.#passedOver].map(([name, count]) =>
			count === 1 ? name : `${name} (${count} times)`,
		);
		return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} passed over: a fleet declares who the devices are, and neither twins nor modules nor what runs on a device`;
	}
}

const PROPERTY = { configurable: true, enumerable: true, writable: true };
