import { parseExpression } from "./parseExpression.ts";
import type { Column, Query } from "./query.ts";
import { createSyntaxError, TokenReader } from "./tokens.ts";

/** Parses a query ("IoT Hub query language"): SELECT, FROM, WHERE and GROUP BY; everything else is a syntax error. */
export function parseQuery(text: string): Query {
	const reader = new TokenReader(text);
	reader.expect("select");
	const top = reader.take("top") ? count(reader) : undefined;
	const columns = reader.take("*") ? "*" : parseColumns(reader);
	reader.expect("from");
	const from = parseSource(reader);
	const where = reader.take("where") ? parseExpression(reader) : undefined;
	const groupBy = reader.take("group") ? parseGroups(reader) : [];
	if (!reader.isAtEnd) throw createSyntaxError();
	return { columns, from, where, groupBy, top };
}

function count(reader: TokenReader): number {
	const token = reader.next();
	if (token.kind !== "value" || typeof token.value !== "number" || !(token.value >= 1))
		throw createSyntaxError();
	return Math.floor(token.value);
}

function parseColumns(reader: TokenReader): Column[] {
	const columns: Column[] = [];
	do columns.push(parseColumn(reader, columns.length + 1));
	while (reader.take(","));
	return columns;
}

function parseColumn(reader: TokenReader, place: number): Column {
	const path = reader.word();
	const isCount = path.toLowerCase() === "count";
	if (isCount) {
		reader.expect("(");
		reader.take("*");
		reader.expect(")");
	}
	const usual = isCount ? `$${place}` : (path.split(".").at(-1) ?? path);
	return { path: isCount ? "count()" : path, name: reader.take("as") ? reader.word() : usual };
}

function parseSource(reader: TokenReader): Query["from"] {
	const name = reader.word().toLowerCase();
	if (name === "devices" || name === "devices.modules") return name;
	throw createSyntaxError();
}

function parseGroups(reader: TokenReader): string[] {
	reader.expect("by");
	const paths = [reader.word()];
	while (reader.take(",")) paths.push(reader.word());
	return paths;
}
