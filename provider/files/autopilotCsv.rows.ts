import { type AutopilotCsvRow, type Property, titleOf } from "./autopilotCsv.columns.ts";
import type { AutopilotCsvFault } from "./autopilotCsv.errors.ts";
import type { Header } from "./autopilotCsv.header.ts";
import { isBlank, type Row } from "./autopilotCsv.table.ts";
import { isDamaged } from "./autopilotCsv.text.ts";

/** What the rows of a list say, and what is wrong with them. */
export interface Machines {
	readonly machines: AutopilotCsvRow[];
	readonly faults: readonly AutopilotCsvFault[];
}

/** Reads the rows below the header. */
export function machinesOf(rows: readonly Row[], header: Header): Machines {
	const machines: AutopilotCsvRow[] = [];
	const faults: AutopilotCsvFault[] = [];
	const lines = new Map<string, number>();
	for (const { line, cells } of rows) {
		const width = widthFault(cells, header.width);
		if (width !== undefined) {
			faults.push({ line, ...width });
			continue;
		}
		const machine = machineOf(cells, header);
		for (const [property, text] of faultsOf(machine, lines))
			faults.push(...at(header, property).map((column) => ({ line, column, text })));
		const hash = machine.hardwareIdentifier;
		if (!lines.has(hash)) lines.set(hash, line);
		machines.push(machine);
	}
	return { machines, faults };
}

/** The column of a property; none where the list lacks it, which its header's fault says already. */
function at({ places }: Header, property: Property): number[] {
	const place = places.get(property);
	return place === undefined ? [] : [place + 1];
}

/** Blank cells beyond the header's are what spreadsheets pad with. */
function widthFault(cells: readonly string[], width: number): Omit<AutopilotCsvFault, "line"> | undefined {
	const count = Math.max(cells.findLastIndex((cell) => !isBlank(cell)) + 1, Math.min(cells.length, width));
	if (count === width) return undefined;
	const sizes = `the row has ${cells.length} ${cells.length === 1 ? "cell" : "cells"}, the header ${width}`;
	return count > width
		? { column: width + 1, text: `${sizes}; a cell that holds the separator must stand in quotes` }
		: { column: count + 1, text: `${sizes}; a cell that says nothing still needs its separator` };
}

/**
 * The cells by their names; required ones that are blank are the empty text. Blanks around a cell are dropped where they
 * can only be slips, and kept in serial numbers.
 */
function machineOf(cells: readonly string[], { places }: Header): AutopilotCsvRow {
	const machine: AutopilotCsvRow = { serialNumber: "", hardwareIdentifier: "" };
	for (const [property, place] of places) {
		const cell = cells[place] ?? "";
		if (!isBlank(cell)) machine[property] = property === "serialNumber" ? cell : cell.trim();
	}
	return machine;
}

/** What is wrong with a machine, in the order of the portal's columns. */
function faultsOf(machine: AutopilotCsvRow, lines: ReadonlyMap<string, number>): [Property, string][] {
	const { serialNumber, hardwareIdentifier, ...others } = machine;
	const faults: [Property, string | undefined][] = [
		["serialNumber", serialFault(serialNumber)],
		["hardwareIdentifier", hashFault(hardwareIdentifier, lines)],
		...OPTIONAL.map((property): [Property, string | undefined] => [
			property,
			isDamaged(others[property] ?? "") ? DAMAGED : undefined,
		]),
	];
	return faults.flatMap(([property, text]) =>
		text === undefined ? [] : [[property, `${titleOf(property)} ${text}`]],
	);
}

const OPTIONAL = ["productKey", "groupTag", "assignedUserPrincipalName"] as const;

const DAMAGED = `holds letters that are no UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and write them anew`;

function serialFault(serial: string): string | undefined {
	if (serial === "") return "is blank";
	if (isDamaged(serial)) return DAMAGED;
	if (!/^\d([.,]\d+)?E\+\d+$/i.test(serial.trim())) return undefined;
	return `is "${serial.trim()}", a number as Excel shortens it, which lost digits; take it from the export again, or type it in a column that is formatted as text`;
}

function hashFault(hash: string, lines: ReadonlyMap<string, number>): string | undefined {
	if (hash === "") return "is blank";
	const first = lines.get(hash);
	if (first !== undefined) return `is the one of line ${first} again; a machine stands in a list once`;
	const stranger = hash.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
	if (stranger !== -1) return `is no base64: its character ${stranger + 1} is none of A-Z a-z 0-9 + /`;
	if (hash.length % 4 === 0) return undefined;
	return `is no base64: it has ${hash.length} characters, which is no multiple of 4; some were cut off`;
}
