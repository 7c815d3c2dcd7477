import { type Columns, columnMeant, columnNamed, titleOf } from "./csvColumns.ts";
import { isBlank, type Row } from "./csvTable.ts";
import { type FileFault, quoted } from "./fileFault.ts";

/** Where the cells of a list stand. */
export interface Header<Property extends string> {
	/** How many cells a row has. */
	readonly width: number;
	/** The place of each column, from 0. */
	readonly places: ReadonlyMap<Property, number>;
	readonly faults: readonly FileFault[];
}

/** Reads the row that names the columns. Undefined where it names none at all, so that rows can't be read either. */
export function headerOf<Property extends string>(
	columns: Columns<Property>,
	{ line, cells }: Row,
): Header<Property> | undefined {
	if (!cells.some((cell) => columnNamed(columns, cell) !== undefined)) return undefined;
	const names = cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1);
	const places = new Map<Property, number>();
	const faults: FileFault[] = [];
	for (const [place, name] of names.entries()) {
		const text = faultOf(columns, name, { places, names });
		if (text !== undefined) faults.push({ line, column: place + 1, text });
		const property = columnNamed(columns, name)?.property;
		if (property !== undefined && !places.has(property)) places.set(property, place);
	}
	for (const property of columns.required.filter((property) => !places.has(property)))
		faults.push({ line, column: names.length + 1, text: missing(titleOf(columns, property), names) });
	return { width: names.length, places, faults };
}

/** The column of a property; none where the file lacks it, which its header's fault says already. */
export function at<Property extends string>({ places }: Header<Property>, property: Property): number[] {
	const place = places.get(property);
	return place === undefined ? [] : [place + 1];
}

/** A row with cells for more or fewer columns. Blank cells beyond the header's are what spreadsheets pad with. */
export function widthFault({ line, cells }: Row, { width }: Header<string>): FileFault | undefined {
	const count = Math.max(cells.findLastIndex((cell) => !isBlank(cell)) + 1, Math.min(cells.length, width));
	if (count === width) return undefined;
	const sizes = `the row has ${cells.length} ${cells.length === 1 ? "cell" : "cells"}, the header ${width}`;
	return count > width
		? { line, column: width + 1, text: `${sizes}; a cell that holds the separator must stand in quotes` }
		: { line, column: count + 1, text: `${sizes}; a cell that says nothing still needs its separator` };
}

/** What becomes of a cell such as an id of digits alone: `1.23457E+11`. */
export function shortened(cell: string): string | undefined {
	if (!/^\d([.,]\d+)?E\+\d+$/i.test(cell.trim())) return undefined;
	return `is "${cell.trim()}", a number as Excel shortens it, which lost digits; take it from the export again, or type it in a column that is formatted as text`;
}

function faultOf<Property extends string>(
	columns: Columns<Property>,
	name: string,
	{ places, names }: { places: ReadonlyMap<Property, number>; names: readonly string[] },
): string | undefined {
	const column = columnNamed(columns, name);
	if (column === undefined) return unknown(columns, name);
	const first = column.property && places.get(column.property);
	if (first === undefined) return undefined;
	return `${quotedCell(name)} says the same as column ${first + 1}, ${quotedCell(names[first] ?? "")}; keep one of them`;
}

function unknown(columns: Columns<string>, name: string): string {
	if (isBlank(name)) return "the column has no name; name it, or drop it";
	const meant = columnMeant(columns, name);
	const remedy =
		meant === undefined ? "drop it, or name it as one of" : `did you mean "${meant.title}"? Known are`;
	const known = columns.all.map(({ title }) => `"${title}"`).join(", ");
	return `${quotedCell(name)} is no column of such a list; ${remedy} ${known}`;
}

function missing(title: string, names: readonly string[]): string {
	const there = names.filter((name) => !isBlank(name)).map(quotedCell);
	return `the column "${title}" is missing; the list has ${there.join(", ")}`;
}

/** The longest cell that an error repeats. A hash, which stands here where a list has no header, is longer. */
const QUOTABLE = 40;

function quotedCell(name: string): string {
	return name.length > QUOTABLE ? `a name of ${name.length} characters` : quoted(name);
}
