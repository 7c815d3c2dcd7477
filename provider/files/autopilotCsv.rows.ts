import { AUTOPILOT_COLUMNS, type AutopilotCsvRow, type Property } from "./autopilotCsv.columns.ts";
import { titleOf } from "./csvColumns.ts";
import { at, type Header, shortened, widthFault } from "./csvHeader.ts";
import { isBlank, type Row } from "./csvTable.ts";
import type { FileFault } from "./fileFault.ts";
import { DAMAGED, isDamaged } from "./fileText.ts";

/** What the rows of a list say, and what is wrong with them. */
export interface Machines {
	readonly machines: AutopilotCsvRow[];
	readonly faults: readonly FileFault[];
}

/** Reads the rows below the header. */
export function machinesOf(rows: readonly Row[], header: Header<Property>): Machines {
	const machines: AutopilotCsvRow[] = [];
	const faults: FileFault[] = [];
	const lines = new Map<string, number>();
	for (const row of rows) {
		const { line, cells } = row;
		const width = widthFault(row, header);
		if (width !== undefined) {
			faults.push(width);
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

/**
 * The cells by their names; required ones that are blank are the empty text. Blanks around a cell are dropped where they
 * can only be slips, and kept in serial numbers.
 */
function machineOf(cells: readonly string[], { places }: Header<Property>): AutopilotCsvRow {
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
		text === undefined ? [] : [[property, `${titleOf(AUTOPILOT_COLUMNS, property)} ${text}`]],
	);
}

const OPTIONAL = ["productKey", "groupTag", "assignedUserPrincipalName"] as const;

function serialFault(serial: string): string | undefined {
	if (serial === "") return "is blank";
	if (isDamaged(serial)) return DAMAGED;
	return shortened(serial);
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
