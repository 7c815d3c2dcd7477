import { type FileFault, quoted } from "./fileFault.ts";
import type { Entry } from "./fleetFile.device.ts";
import type { Parent } from "./fleetFile.parent.ts";

/** The devices of a file, by id. */
export type Kin = ReadonlyMap<string, Entry>;

/** What is wrong with who is whose parent. */
export function kinFaults(kin: Kin): readonly FileFault[] {
	return [...strangers(kin), ...circles(kin)];
}

function strangers(kin: Kin): FileFault[] {
	const faults: FileFault[] = [];
	for (const { parent } of kin.values()) {
		const text = parent && strange(parent, kin.get(parent.id));
		if (parent && text !== undefined) faults.push({ line: parent.line, column: parent.column, text });
	}
	return faults;
}

function strange({ id, name }: Parent, above: Entry | undefined): string | undefined {
	if (above?.device.capabilities?.iotEdge === true) return undefined;
	const said = `${name} ${name.toLowerCase() === "parent" ? "is" : "is the scope of"}`;
	if (above === undefined)
		return `${said} ${quoted(id)}, which is not in this file; put it there, with its children`;
	return `${said} ${quoted(id)}, which is no gateway; its iotEdge must be true (line ${above.line})`;
}

/** Each circle is told once, at the first of its devices in the file. */
function circles(kin: Kin): FileFault[] {
	const faults: FileFault[] = [];
	/** The walk in which a device was come by, by its number. */
	const walks = new Map<string, number>();
	let walk = 0;
	for (const start of kin.keys()) {
		walk++;
		let id: string | undefined = start;
		while (id !== undefined && !walks.has(id)) {
			walks.set(id, walk);
			id = kin.get(id)?.parent?.id;
		}
		if (id !== undefined && walks.get(id) === walk && kin.has(id))
			faults.push(...circle(around(id, kin), kin));
	}
	return faults;
}

/** The devices of a circle, from the first in the file. */
function around(id: string, kin: Kin): readonly string[] {
	const ids = [id];
	for (
		let next = kin.get(id)?.parent?.id;
		next !== undefined && next !== id;
		next = kin.get(next)?.parent?.id
	)
		ids.push(next);
	const first = ids.reduce((best, other) => (isBefore(other, best, kin) ? other : best));
	const start = ids.indexOf(first);
	return [...ids.slice(start), ...ids.slice(0, start)];
}

function isBefore(id: string, other: string, kin: Kin): boolean {
	const [a, b] = [kin.get(id), kin.get(other)];
	return a !== undefined && b !== undefined && (a.line - b.line || a.column - b.column) < 0;
}

function circle(ids: readonly string[], kin: Kin): FileFault[] {
	const first = kin.get(ids[0] ?? "")?.parent;
	if (first === undefined) return [];
	const { line, column } = first;
	const names = ids.length > LONGEST ? [...ids.slice(0, LONGEST), "…"] : ids;
	const text = `parents go in a circle: ${[...names, ids[0]].join(" → ")}`;
	return [{ line, column, text }];
}

/** How many devices of a circle are named. */
const LONGEST = 10;
