import { toPrintableJson } from "../text/sanitize.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { type CsvColumn, type CsvColumns, isSameTitle } from "./csvHeader.ts";

/** How a program reads columns that the format does not have. */
export interface CsvColumnOptions<Name extends string = string> {
	/** Names of columns to ignore. */
	readonly ignoreColumns?: readonly string[];
	/** The format's names for columns that the file names differently, by the file's names. */
	readonly columns?: Readonly<Record<string, Name>>;
}

/** Whether a program maps or ignores columns. */
export function hasColumnOptions({ ignoreColumns = [], columns = {} }: CsvColumnOptions): boolean {
	return ignoreColumns.length > 0 || Object.keys(columns).length > 0;
}

/** Returns the columns of a format with those that a program maps or ignores. */
export function customizeColumns<Property extends string>(
	known: CsvColumns<Property>,
	{ ignoreColumns = [], columns = {} }: CsvColumnOptions,
): CsvColumns<Property> {
	const mapped = Object.entries(columns).map(([title, name]): CsvColumn<Property> => {
		const property = getOwn(known.programNames, name);
		return property === undefined ? { title } : { title, property };
	});
	return { ...known, custom: [...mapped, ...ignoreColumns.map((title) => ({ title }))] };
}

/** The options of a reader, with the names that it allows. */
export interface CheckedOptions {
	/** The name of the reader, for example `readFleet`. */
	readonly reader: string;
	/** The options given by the program. */
	readonly options: CsvColumnOptions;
	/** The names of all options of the reader. */
	readonly knownOptions: readonly string[];
	/** The names to which a column can be mapped. */
	readonly knownColumns: readonly string[];
}

/**
 * Rejects options that the reader does not have or cannot apply. A misspelt option would otherwise be ignored, since
 * TypeScript checks literals only and JavaScript checks nothing.
 *
 * @throws TypeError with the option and the remedy
 */
export function checkReaderOptions(checked: CheckedOptions): void {
	const problem = findOptionProblem(checked);
	if (problem !== undefined) throw new TypeError(`${checked.reader}: ${problem}`);
}

function findOptionProblem({ options, knownOptions, knownColumns }: CheckedOptions): string | undefined {
	if (!isPlainObject(options)) return "the options must be an object";
	return findUnknownOption(options, knownOptions) ?? findColumnProblem(options, knownColumns);
}

/** Returns why columns cannot be read as the options say; undefined if they can. */
export function findColumnProblem(
	{ ignoreColumns, columns }: CsvColumnOptions,
	knownColumns: readonly string[],
): string | undefined {
	return (
		(ignoreColumns === undefined ? undefined : checkIgnoredColumns(ignoreColumns)) ??
		(columns === undefined ? undefined : checkMappedColumns(columns, ignoreColumns ?? [], knownColumns))
	);
}

function findUnknownOption(options: object, knownOptions: readonly string[]): string | undefined {
	const unknown = Object.entries(options).find(
		([name, value]) => value !== undefined && !knownOptions.includes(name),
	);
	return unknown && `unknown option ${describeUnknownName(unknown[0], knownOptions)}`;
}

function checkIgnoredColumns(names: unknown): string | undefined {
	return Array.isArray(names) && names.every((name) => typeof name === "string")
		? undefined
		: `ignoreColumns must be a list of column names, for example ["comment"]`;
}

function checkMappedColumns(
	columns: unknown,
	ignored: readonly string[],
	knownColumns: readonly string[],
): string | undefined {
	if (!isPlainObject(columns))
		return `columns must be an object of column names, for example { "Name": "${knownColumns[0]}" }`;
	const titles = new Map<unknown, string>();
	for (const [title, name] of Object.entries(columns)) {
		const shown = toPrintableJson(title);
		if (typeof name !== "string" || !knownColumns.includes(name))
			return `the column ${shown} is mapped to ${typeof name === "string" ? describeUnknownName(name, knownColumns, ", which is not a known column") : "a value that is not a string"}`;
		const first = titles.get(name);
		if (first !== undefined)
			return `the columns ${toPrintableJson(first)} and ${shown} are both mapped to "${name}"; map one of them and ignore the other`;
		titles.set(name, title);
		if (ignored.some((other) => isSameTitle(other, title)))
			return `the column ${shown} is both mapped and ignored; do one of the two`;
	}
	return undefined;
}

function describeUnknownName(name: string, known: readonly string[], explanation = ""): string {
	const suggestion = findSuggestion(name, known);
	const remedy =
		suggestion === undefined ? `known names: ${known.join(", ")}` : `did you mean "${suggestion}"?`;
	return `${toPrintableJson(name)}${explanation}; ${remedy}`;
}

function getOwn<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
	return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isPlainObject<Value>(value: Value): value is Value & object {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
