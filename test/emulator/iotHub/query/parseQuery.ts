import { parseExpression } from "./parseExpression.ts";
import { parsePath } from "./parsePath.ts";
import type { Collection, Column, Path, Query } from "./query.ts";
import { createSyntaxError, TokenReader } from "./tokens.ts";

/** A column before the collection is known, by which its path may be qualified. */
interface WrittenColumn {
	readonly text: string;
	readonly alias: string | undefined;
}

/**
 * Parses a query ("IoT Hub query language"): SELECT, FROM, WHERE and GROUP BY. Everything else is a syntax error, as are
 * names for the collection (`FROM devices d`) and columns of single twins beside those of groups.
 */
export function parseQuery(text: string): Query {
	const reader = new TokenReader(text);
	reader.expect("select");
	const top = reader.take("top") ? count(reader) : undefined;
	const written = reader.take("*") ? "*" : parseColumns(reader);
	reader.expect("from");
	const from = parseSource(reader);
	reader.collection = from;
	const columns = written === "*" ? "*" : written.map((column, at) => createColumn(column, at + 1, from));
	const where = reader.take("where") ? parseExpression(reader) : undefined;
	const groupBy = reader.take("group") ? parseGroups(reader, from) : [];
	if (!reader.isAtEnd) throw createSyntaxError();
	requireGroupedColumns(columns, groupBy);
	return { columns, from, where, groupBy, top };
}

function count(reader: TokenReader): number {
	const token = reader.next();
	if (token.kind !== "value" || typeof token.value !== "number" || !(token.value >= 1))
		throw createSyntaxError();
	if (!Number.isInteger(token.value)) throw createSyntaxError();
	return token.value;
}

function parseColumns(reader: TokenReader): WrittenColumn[] {
	const columns: WrittenColumn[] = [];
	do columns.push(parseColumn(reader));
	while (reader.take(","));
	return columns;
}

const COUNT = "count()";

function parseColumn(reader: TokenReader): WrittenColumn {
	const word = reader.word();
	const isCount = word.toLowerCase() === "count" && reader.take("(");
	if (isCount) {
		reader.take("*");
		reader.expect(")");
	}
	return { text: isCount ? COUNT : word, alias: reader.take("as") ? reader.word() : undefined };
}

function createColumn({ text, alias }: WrittenColumn, place: number, from: Collection): Column {
	const path = text === COUNT ? COUNT : parsePath(text, from);
	const usual = path === COUNT ? `$${place}` : (path.at(-1) ?? text);
	return { path, name: alias === undefined ? usual : parseAlias(alias) };
}

function parseAlias(text: string): string {
	// As a path, the collection's name would have no steps.
	if (text.toLowerCase() === "devices") return text;
	const [name, ...more] = parsePath(text, "devices");
	if (name === undefined || more.length > 0) throw createSyntaxError();
	return name;
}

function parseSource(reader: TokenReader): Query["from"] {
	const name = reader.word().toLowerCase();
	if (name === "devices" || name === "devices.modules") return name;
	throw createSyntaxError();
}

function parseGroups(reader: TokenReader, from: Collection): Path[] {
	reader.expect("by");
	const paths = [parsePath(reader.word(), from)];
	while (reader.take(",")) paths.push(parsePath(reader.word(), from));
	return paths;
}

/** Beside a count, and in groups, a column has one value for all twins of a group only if they are grouped by it. */
function requireGroupedColumns(columns: Query["columns"], groupBy: readonly Path[]): void {
	if (columns === "*") return;
	const isGrouped = groupBy.length > 0 || columns.some(({ path }) => path === COUNT);
	const keys = new Set<string>([COUNT, ...groupBy.map(formatKey)]);
	if (isGrouped && !columns.every(({ path }) => keys.has(path === COUNT ? COUNT : formatKey(path))))
		throw createSyntaxError();
}

/** Formats a path so that paths to the same value are equal: the first name matches in any case. */
function formatKey([first = "", ...rest]: Path): string {
	return JSON.stringify([first.toLowerCase(), ...rest]);
}
