import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";
import { quoteName } from "../text/quotedNames.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { findSuggestion, isMisspelling } from "../text/suggestions.ts";
import { type CsvRow, isBlank } from "./csvParser.ts";
import type { Diagnostic } from "./diagnostics.ts";

/** A column of a file format. */
export interface CsvColumn<Property extends string> {
	/** The name in files; a column with several names has several entries. */
	readonly title: string;
	/** The property that the column sets; undefined for an ignored column. */
	readonly property?: Property;
	/** Whether messages leave it out: a column of another tool's export, which nobody writes by hand. */
	readonly isUnlisted?: true;
}

/** The columns of a file format. */
export interface CsvColumns<Property extends string> {
	/** All columns in the order of messages; for columns of the same property, the usual one first. */
	readonly all: readonly CsvColumn<Property>[];
	/** The properties whose columns are required. */
	readonly required: readonly Property[];
	/** The properties by the names that programs use for them when they map a column. */
	readonly programNames: Readonly<Record<string, Property>>;
	/** The columns that the program maps or ignores. They take precedence over `all`. Default: none. */
	readonly custom?: readonly CsvColumn<Property>[];
}

/** Returns the name of the column for a property: the one that the program maps to it, otherwise the usual one. */
export function getColumnTitle<Property extends string>(
	{ all, custom = [] }: CsvColumns<Property>,
	property: Property,
): string {
	return [...custom, ...all].find((column) => column.property === property)?.title ?? property;
}

/** Returns the column with a name, ignoring case, white space, underscores, hyphens, quotes and characters that cannot be seen. */
export function findColumn<Property extends string>(
	{ all, custom = [] }: CsvColumns<Property>,
	name: string,
): CsvColumn<Property> | undefined {
	const isNamed = ({ title }: CsvColumn<Property>): boolean => isSameTitle(title, name);
	return custom.find(isNamed) ?? all.find(isNamed);
}

/** Whether two names are equal, ignoring case, white space, underscores, hyphens and quotes. */
export function isSameTitle(title: string, other: string): boolean {
	return normalizeTitle(title) === normalizeTitle(other);
}

/** Returns the column that an unknown name is part of or misspells; `productKey`, the name of the property, counts too. */
function suggestColumn<Property extends string>(
	{ all }: CsvColumns<Property>,
	name: string,
): CsvColumn<Property> | undefined {
	const given = normalizeTitle(name);
	return all.find(
		({ title, property, isUnlisted }) =>
			!isUnlisted &&
			(isPartOfTitle(given, title) ||
				isMisspelling(given, normalizeTitle(title)) ||
				isMisspelling(given, property ?? title)),
	);
}

/** Whether a name is part of a title, for example `Serial Number`; one or two letters are part of too many titles. */
function isPartOfTitle(given: string, title: string): boolean {
	return given.length > 2 && normalizeTitle(title).includes(given);
}

function normalizeTitle(title: string): string {
	return title.replace(/[\s_"'\p{Cf}-]/gu, "").toLowerCase();
}

/** The header of a file. */
export interface CsvHeader<Property extends string> {
	/** The known columns, with those that the program maps or ignores. */
	readonly columns: CsvColumns<Property>;
	/** The number of cells in a row. */
	readonly columnCount: number;
	/** The index of each column, from 0. */
	readonly columnIndexes: ReadonlyMap<Property, number>;
	readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the header. Returns undefined if it names no known column, so that the rows cannot be read. If the program maps columns,
 * the first row is the header in any case: its names show which mapping is wrong.
 */
export function parseHeader<Property extends string>(
	columns: CsvColumns<Property>,
	{ line, cells }: CsvRow,
): CsvHeader<Property> | undefined {
	const mappedColumns = (columns.custom ?? []).filter(({ property }) => property !== undefined);
	if (mappedColumns.length === 0 && !cells.some((cell) => findColumn(columns, cell) !== undefined))
		return undefined;
	const names = cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1);
	const columnIndexes = new Map<Property, number>();
	const diagnostics: Diagnostic[] = [];
	for (const [columnIndex, name] of names.entries()) {
		const problem = checkColumnName(columns, name, { places: columnIndexes, names });
		if (problem !== undefined) diagnostics.push({ line, column: columnIndex + 1, text: problem });
		const property = findColumn(columns, name)?.property;
		if (property !== undefined && !columnIndexes.has(property)) columnIndexes.set(property, columnIndex);
	}
	const missingMapped = mappedColumns.filter(({ title }) => !names.some((name) => isSameTitle(title, name)));
	const missingRequired = columns.required
		.filter((property) => !columnIndexes.has(property))
		.filter((property) => !missingMapped.some((column) => column.property === property));
	for (const text of [
		...missingMapped.map(({ title }) => describeMissingMappedColumn(title, names)),
		...missingRequired.map((property) => describeMissingColumn(getColumnTitle(columns, property), names)),
	])
		diagnostics.push({ line, column: names.length + 1, text });
	return { columns, columnCount: names.length, columnIndexes, diagnostics };
}

/** Returns the column of a property as a list; empty if the file lacks it, which the header's diagnostic reports. */
export function locateColumn<Property extends string>(
	{ columnIndexes }: CsvHeader<Property>,
	property: Property,
): number[] {
	const columnIndex = columnIndexes.get(property);
	return columnIndex === undefined ? [] : [columnIndex + 1];
}

/** Returns a diagnostic for a row with more or fewer cells than the header. Blank cells beyond it are padding of spreadsheets. */
export function checkRowWidth(
	{ line, cells }: CsvRow,
	{ columnCount }: Pick<CsvHeader<string>, "columnCount">,
): Diagnostic | undefined {
	const usedCells = Math.max(
		cells.findLastIndex((cell) => !isBlank(cell)) + 1,
		Math.min(cells.length, columnCount),
	);
	if (usedCells === columnCount) return undefined;
	const sizes = `the row has ${cells.length} ${cells.length === 1 ? "cell" : "cells"}, the header ${columnCount}`;
	return usedCells > columnCount
		? {
				line,
				column: columnCount + 1,
				text: `${sizes}; a cell that contains the separator must be in quotes`,
			}
		: { line, column: usedCells + 1, text: `${sizes}; an empty cell still needs its separator` };
}

function checkColumnName<Property extends string>(
	columns: CsvColumns<Property>,
	name: string,
	{ places: columnIndexes, names }: { places: ReadonlyMap<Property, number>; names: readonly string[] },
): string | undefined {
	const column = findColumn(columns, name);
	if (column === undefined) return describeUnknownColumn(columns, name);
	const firstIndex = column.property && columnIndexes.get(column.property);
	if (firstIndex === undefined) return undefined;
	const firstName = names[firstIndex] ?? "";
	// The option would ignore both columns if their names differ only in case.
	const ignoring = isSameTitle(name, firstName) ? "" : `, or set ignoreColumns: [${quoteOption(name)}]`;
	return `${quoteCell(name)} has the same meaning as column ${firstIndex + 1}, ${quoteCell(firstName)}; keep one of them${ignoring}`;
}

function describeUnknownColumn(columns: CsvColumns<string>, name: string): string {
	if (isBlank(name)) return `the column has no name; name it, drop it, or set ignoreColumns: [""]`;
	const suggestion = suggestColumn(columns, name);
	const invisible = describeInvisibleCharacter(name);
	if (invisible !== undefined) return `${quoteCell(name)} contains ${invisible}; remove it`;
	const listed = columns.all.filter(({ isUnlisted }) => !isUnlisted);
	const known = listed.map(({ title }) => `"${title}"`).join(", ");
	const ignoring = `set ignoreColumns: [${quoteOption(name)}]`;
	if (suggestion === undefined)
		return `${quoteCell(name)} is not a known column; drop it, ${ignoring}, or set columns: { ${quoteOption(name)}: "…" } to read it as one of ${known}`;
	const target = findProgramName(columns, suggestion.property);
	const mapping = target === undefined ? "" : `, or set columns: { ${quoteOption(name)}: "${target}" }`;
	return `${quoteCell(name)} is not a known column; did you mean "${suggestion.title}"? Rename it, drop it, ${ignoring}${mapping}. Known columns: ${known}`;
}

/** Returns the name by which a program maps a column to a property; undefined for an ignored column. */
function findProgramName(
	{ programNames }: CsvColumns<string>,
	property: string | undefined,
): string | undefined {
	return Object.keys(programNames).find((name) => programNames[name] === property);
}

/** Returns a name as a program may write it in an option; an ellipsis for one that messages do not repeat. */
function quoteOption(name: string): string {
	const quoted = quoteCell(name);
	return quoted.startsWith('"') ? quoted : '"…"';
}

function describeMissingColumn(title: string, names: readonly string[]): string {
	return `the column "${title}" is missing; ${describePresentColumns(names)}`;
}

function describeMissingMappedColumn(title: string, names: readonly string[]): string {
	const suggestion = findSuggestion(title, names);
	const question = suggestion === undefined ? "" : `; did you mean ${quoteCell(suggestion)}?`;
	return `the column ${toPrintableJson(title)}, which is mapped by the option columns, is missing; ${describePresentColumns(names)}${question}`;
}

function describePresentColumns(names: readonly string[]): string {
	const present = names.filter((name) => !isBlank(name)).map(quoteCell);
	return `the file has ${present.join(", ")}`;
}

/** Maximum length of a cell in a message. A hash, the first row's cell in a file without a header, is longer. */
const MAX_QUOTED_CELL_LENGTH = 40;

function quoteCell(name: string): string {
	return name.length > MAX_QUOTED_CELL_LENGTH ? `a name of ${name.length} characters` : quoteName(name);
}
