import { describeMissingValue } from "../rules/spreadsheetTraces.ts";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { quoteName } from "../text/quotedNames.ts";
import { createDiagnostic, type Diagnostic, type SourcePosition } from "./diagnostics.ts";
import { type DeviceEntry, DeviceReader } from "./fleetFile.device.ts";
import type { ParentReference } from "./fleetFile.parent.ts";
import type { DeviceValues } from "./fleetFile.schema.ts";
import type { FindingsCollector } from "./objectSchema.ts";

/** Collects the devices of a file, its problems, and the properties that were ignored. */
export class DeviceCollector implements FindingsCollector {
	readonly #entries = new Map<string, DeviceEntry>();
	readonly #diagnostics: Diagnostic[] = [];
	readonly #ignoredCounts = new Map<string, number>();
	readonly #outsideGateways: ReadonlySet<string>;

	/** @param outsideGateways the ids of gateways outside the file that may be parents */
	constructor(outsideGateways: Iterable<string> = []) {
		this.#outsideGateways = new Set(outsideGateways);
	}

	/** Adds a device from its values; modules are counted as ignored. */
	addDevice(values: DeviceValues, position: SourcePosition): void {
		if (values.has("moduleId")) this.addIgnored("modules");
		else
			this.#addEntry(
				new DeviceReader(values, (diagnostic) => this.addDiagnostic(diagnostic)).readEntry(position),
			);
	}

	#addEntry(entry: DeviceEntry | undefined): void {
		if (entry === undefined) return;
		const { id } = entry;
		const first = this.#entries.get(id);
		if (first === undefined) this.#entries.set(id, entry);
		else {
			const text = `${quoteName(id)} is already declared in line ${first.line}`;
			this.addDiagnostic(createDiagnostic(entry, text));
		}
	}

	/** Adds a problem. */
	addDiagnostic(diagnostic: Diagnostic): void {
		this.#diagnostics.push(diagnostic);
	}

	/** Counts a property that a fleet cannot declare. */
	addIgnored(name: string): void {
		this.#ignoredCounts.set(name, (this.#ignoredCounts.get(name) ?? 0) + 1);
	}

	/** Returns all problems, in the file's order. */
	listDiagnostics(): readonly Diagnostic[] {
		const all = this.#diagnostics.concat(checkParents(this.#entries, this.#outsideGateways));
		return all.sort((a, b) => a.line - b.line || a.column - b.column);
	}

	/**
	 * Returns the devices by id. A parent that the file names by its scope and does not contain stays a scope. An id may be `__proto__`, which an
	 * assignment would not make a property.
	 */
	getDevices(): Record<string, FleetDevice> {
		for (const { device, parent } of this.#entries.values())
			if (parent !== undefined)
				setParent(device, parent, this.#entries.has(parent.id) || this.#outsideGateways.has(parent.id));
		return Object.fromEntries([...this.#entries].map(([id, { device }]) => [id, device]));
	}

	/** Returns a sentence about the properties that were ignored; undefined if there are none. */
	describeIgnored(): string | undefined {
		if (this.#ignoredCounts.size === 0) return undefined;
		const names = [...this.#ignoredCounts].map(([name, count]) =>
			count === 1 ? name : `${name} (${count} times)`,
		);
		return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} ignored: a fleet declares device identities, not twins, modules or what runs on a device`;
	}
}

/** Sets the parent of a device: by id if the program or the file has that, otherwise by its scope, under the name that a program uses. */
function setParent(device: FleetDevice, { id, scope }: ParentReference, isKnown: boolean): void {
	if (isKnown || scope === undefined) device.parent = id;
	else if (device.capabilities?.iotEdge === true) device.parentScopes = [scope];
	else device.deviceScope = scope;
}

/** The devices of a file, by id. */
export type DeviceEntries = ReadonlyMap<string, DeviceEntry>;

/** Returns the problems of the parents: missing ones, devices that are not gateways, and cycles. */
function checkParents(entries: DeviceEntries, outsideGateways: ReadonlySet<string>): readonly Diagnostic[] {
	return [...checkParentsExist(entries, outsideGateways), ...checkCycles(entries)];
}

function checkParentsExist(entries: DeviceEntries, outsideGateways: ReadonlySet<string>): Diagnostic[] {
	const diagnostics: Diagnostic[] = [];
	for (const { parent } of entries.values()) {
		if (parent && !entries.has(parent.id) && outsideGateways.has(parent.id)) continue;
		const problem = parent && describeInvalidParent(parent, entries.get(parent.id));
		if (parent && problem !== undefined) diagnostics.push(createDiagnostic(parent, problem));
	}
	return diagnostics;
}

function describeInvalidParent(
	{ id, name, scope }: ParentReference,
	parentEntry: DeviceEntry | undefined,
): string | undefined {
	if (parentEntry === undefined && scope !== undefined) return undefined;
	if (parentEntry?.device.capabilities?.iotEdge === true) return undefined;
	const missing = parentEntry === undefined ? describeMissingValue(id) : undefined;
	if (missing !== undefined) return `${name} ${missing}`;
	const subject = `${name} ${name.toLowerCase() === "parent" ? "is" : "is the scope of"}`;
	if (parentEntry === undefined)
		return `${subject} ${quoteName(id)}, which is not in this file; declare it in the same file, or name it in the option gateways: { gateways: [${quoteName(id)}] }`;
	return `${subject} ${quoteName(id)}, which is not a gateway; its iotEdge must be true (line ${parentEntry.line})`;
}

/** Reports each cycle once, at the first of its devices in the file. */
function checkCycles(entries: DeviceEntries): Diagnostic[] {
	const diagnostics: Diagnostic[] = [];
	/** The number of the walk in which a device was visited, by id. */
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

/** Returns the ids of a cycle, beginning with the first in the file. */
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
	const names = ids.length > MAX_LISTED_CYCLE ? [...ids.slice(0, MAX_LISTED_CYCLE), "…"] : ids;
	return [createDiagnostic(position, `parents form a cycle: ${[...names, ids[0]].join(" → ")}`)];
}

/** Maximum number of devices of a cycle in a message. */
const MAX_LISTED_CYCLE = 10;
