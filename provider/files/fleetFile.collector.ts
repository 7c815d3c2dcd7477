import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { type Diagnostic, quoteName, type SourcePosition } from "./diagnostics.ts";
import { type DeviceEntry, DeviceReader } from "./fleetFile.device.ts";
import type { ParentReference } from "./fleetFile.parent.ts";
import type { DeviceValues } from "./fleetFile.schema.ts";
import type { FindingsCollector } from "./objectSchema.ts";

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
			this.addDiagnostic({
				line,
				column,
				text: `${quoteName(id)} is a second device of the id in line ${first.line}`,
			});
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

/** The devices of a file, by id. */
export type DeviceEntries = ReadonlyMap<string, DeviceEntry>;

/** What is wrong with who is whose parent. */
export function checkParents(entries: DeviceEntries): readonly Diagnostic[] {
	return [...checkParentsExist(entries), ...checkCycles(entries)];
}

function checkParentsExist(entries: DeviceEntries): Diagnostic[] {
	const diagnostics: Diagnostic[] = [];
	for (const { parent } of entries.values()) {
		const problem = parent && describeInvalidParent(parent, entries.get(parent.id));
		if (parent && problem !== undefined)
			diagnostics.push({ line: parent.line, column: parent.column, text: problem });
	}
	return diagnostics;
}

function describeInvalidParent(
	{ id, name }: ParentReference,
	parentEntry: DeviceEntry | undefined,
): string | undefined {
	if (parentEntry?.device.capabilities?.iotEdge === true) return undefined;
	const subject = `${name} ${name.toLowerCase() === "parent" ? "is" : "is the scope of"}`;
	if (parentEntry === undefined)
		return `${subject} ${quoteName(id)}, which is not in this file; put it there, with its children`;
	return `${subject} ${quoteName(id)}, which is no gateway; its iotEdge must be true (line ${parentEntry.line})`;
}

/** Each circle is told once, at the first of its devices in the file. */
function checkCycles(entries: DeviceEntries): Diagnostic[] {
	const diagnostics: Diagnostic[] = [];
	/** The walk in which a device was come by, by its number. */
	const walkNumbers = new Map<string, number>();
	let walkNumber = 0;
	for (const start of entries.keys()) {
		walkNumber++;
		let id: string | undefined = start;
		while (id !== undefined && !walkNumbers.has(id)) {
			walkNumbers.set(id, walkNumber);
			id = entries.get(id)?.parent?.id;
		}
		if (id !== undefined && walkNumbers.get(id) === walkNumber && entries.has(id))
			diagnostics.push(...describeCycle(listCycle(id, entries), entries));
	}
	return diagnostics;
}

/** The devices of a circle, from the first in the file. */
function listCycle(id: string, entries: DeviceEntries): readonly string[] {
	const ids = [id];
	for (
		let next = entries.get(id)?.parent?.id;
		next !== undefined && next !== id;
		next = entries.get(next)?.parent?.id
	)
		ids.push(next);
	const first = ids.reduce((best, other) => (isBefore(other, best, entries) ? other : best));
	const start = ids.indexOf(first);
	return [...ids.slice(start), ...ids.slice(0, start)];
}

function isBefore(id: string, other: string, entries: DeviceEntries): boolean {
	const [a, b] = [entries.get(id), entries.get(other)];
	return a !== undefined && b !== undefined && (a.line - b.line || a.column - b.column) < 0;
}

function describeCycle(ids: readonly string[], entries: DeviceEntries): Diagnostic[] {
	const position = entries.get(ids[0] ?? "")?.parent;
	if (position === undefined) return [];
	const { line, column } = position;
	const names = ids.length > MAX_LISTED_CYCLE ? [...ids.slice(0, MAX_LISTED_CYCLE), "…"] : ids;
	const text = `parents go in a circle: ${[...names, ids[0]].join(" → ")}`;
	return [{ line, column, text }];
}

/** How many devices of a circle are named. */
const MAX_LISTED_CYCLE = 10;
