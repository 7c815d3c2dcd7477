import {
	COLUMNS,
	columnMeant,
	columnNamed,
	type Property,
	REQUIRED,
	titleOf,
} from "./autopilotCsv.columns.ts";
import type { AutopilotCsvFault } from "./autopilotCsv.errors.ts";
import { isBlank, type Row } from "./autopilotCsv.table.ts";

/** Where the cells of a list stand. */
export interface Header {
	/** How many cells a row has. */
	readonly width: number;
	/** The place of each column, from 0. */
	readonly places: ReadonlyMap<Property, number>;
	readonly faults: readonly AutopilotCsvFault[];
}

/** The longest cell that an error repeats. A hash, which stands here where the list has no header, is longer. */
const QUOTABLE = 40;

const KNOWN = COLUMNS.map(({ title }) => `"${title}"`).join(", ");

/** Reads the row that names the columns. Undefined where it names none at all, so that rows can't be read either. */
export function headerOf({ line, cells }: Row): Header | undefined {
	if (!cells.some(columnNamed)) return undefined;
	const names = cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1);
	const places = new Map<Property, number>();
	const faults: AutopilotCsvFault[] = [];
	for (const [place, name] of names.entries()) {
		const text = faultOf(name, places, names);
		if (text !== undefined) faults.push({ line, column: place + 1, text });
		const property = columnNamed(name)?.property;
		if (property !== undefined && !places.has(property)) places.set(property, place);
	}
	for (const property of REQUIRED.filter((property) => !places.has(property)))
		faults.push({ line, column: names.length + 1, text: missing(property, names) });
	return { width: names.length, places, faults };
}

function faultOf(
	name: string,
	places: ReadonlyMap<Property, number>,
	names: readonly string[],
): string | undefined {
	const column = columnNamed(name);
	if (column === undefined) return unknown(name);
	const first = column.property && places.get(column.property);
	if (first === undefined) return undefined;
	return `${quoted(name)} says the same as column ${first + 1}, ${quoted(names[first] ?? "")}; keep one of them`;
}

function unknown(name: string): string {
	if (isBlank(name)) return "the column has no name; name it, or drop it";
	const meant = columnMeant(name);
	const remedy =
		meant === undefined ? "drop it, or name it as one of" : `did you mean "${meant.title}"? Known are`;
	return `${quoted(name)} is no column of such a list; ${remedy} ${KNOWN}`;
}

function missing(property: Property, names: readonly string[]): string {
	const there = names.filter((name) => !isBlank(name)).map(quoted);
	return `the column "${titleOf(property)}" is missing; the list has ${there.join(", ")}`;
}

function quoted(name: string): string {
	return name.length > QUOTABLE ? `a name of ${name.length} characters` : JSON.stringify(name.trim());
}
