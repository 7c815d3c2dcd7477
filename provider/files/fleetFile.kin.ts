import { type Diagnostic, quoteName } from "./fileFault.ts";
import type { DeviceEntry } from "./fleetFile.device.ts";
import type { ParentReference } from "./fleetFile.parent.ts";

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
		if (parent && problem !== undefined) diagnostics.push({ line: parent.line, column: parent.column, text: problem });
	}
	return diagnostics;
}

function describeInvalidParent({ id, name }: ParentReference, parentEntry: DeviceEntry | undefined): string | undefined {
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
