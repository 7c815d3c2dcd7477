import { parsePath } from "./parsePath.ts";
import { type Expression, FUNCTION_NAMES, type FunctionName, type Sign } from "./query.ts";
import { createSyntaxError, type Token, type TokenReader } from "./tokens.ts";

const SIGNS: Readonly<Record<string, Sign>> = {
	"=": "=",
	"!=": "!=",
	"<>": "!=",
	"<": "<",
	"<=": "<=",
	">": ">",
	">=": ">=",
};

const CONSTANTS: Readonly<Record<string, true | false | null>> = { true: true, false: false, null: null };

/** The maximum nesting of parentheses and negations. */
const DEEPEST = 60;

/** Reads a condition: OR binds weaker than AND, AND weaker than NOT. */
export function parseExpression(reader: TokenReader, depth = 0): Expression {
	if (depth > DEEPEST) throw createSyntaxError();
	const parts = [parseConjunction(reader, depth)];
	while (reader.take("or")) parts.push(parseConjunction(reader, depth));
	return getOnly(parts) ?? { kind: "any", of: parts };
}

function parseConjunction(reader: TokenReader, depth: number): Expression {
	const parts = [parseNegation(reader, depth)];
	while (reader.take("and")) parts.push(parseNegation(reader, depth));
	return getOnly(parts) ?? { kind: "all", of: parts };
}

function parseNegation(reader: TokenReader, depth: number): Expression {
	if (depth > DEEPEST) throw createSyntaxError();
	return reader.take("not")
		? { kind: "not", of: parseNegation(reader, depth + 1) }
		: parseComparison(reader, depth);
}

function parseComparison(reader: TokenReader, depth: number): Expression {
	const left = parseOperand(reader, depth);
	if (reader.take("in")) return { kind: "in", value: left, list: list(reader, depth) };
	if (reader.take("nin")) return { kind: "not", of: { kind: "in", value: left, list: list(reader, depth) } };
	if (reader.take("not")) {
		reader.expect("in");
		return { kind: "not", of: { kind: "in", value: left, list: list(reader, depth) } };
	}
	const sign = getSign(reader.peek());
	if (sign === undefined) return left;
	reader.next();
	return { kind: "compare", sign, left, right: parseOperand(reader, depth) };
}

function parseOperand(reader: TokenReader, depth: number): Expression {
	const token = reader.next();
	if (token.kind === "value") return { kind: "literal", value: token.value };
	if (token.kind === "word")
		return reader.take("(") ? call(token.text, reader, depth) : name(token.text, reader);
	if (token.text !== "(") throw createSyntaxError();
	const inner = parseExpression(reader, depth + 1);
	reader.expect(")");
	return inner;
}

function name(text: string, { collection = "devices" }: TokenReader): Expression {
	const constant = text.toLowerCase();
	if (Object.hasOwn(CONSTANTS, constant)) return { kind: "literal", value: CONSTANTS[constant] ?? null };
	return { kind: "path", path: parsePath(text, collection) };
}

function call(text: string, reader: TokenReader, depth: number): Expression {
	const found = FUNCTION_NAMES.find((candidate) => candidate === text.toLowerCase());
	if (found === undefined) throw createSyntaxError();
	const of = parseSeparated(reader, ")", depth);
	if (of.length !== countArguments(found)) throw createSyntaxError();
	return { kind: "call", name: found, of };
}

function countArguments(name: FunctionName): number {
	return name.startsWith("is_") ? 1 : 2;
}

function list(reader: TokenReader, depth: number): Expression[] {
	reader.expect("[");
	return parseSeparated(reader, "]", depth);
}

function parseSeparated(reader: TokenReader, end: ")" | "]", depth: number): Expression[] {
	if (depth > DEEPEST) throw createSyntaxError();
	const parts: Expression[] = [];
	while (!reader.take(end)) {
		if (parts.length > 0) reader.expect(",");
		parts.push(parseOperand(reader, depth + 1));
	}
	return parts;
}

function getSign(token: Token | undefined): Sign | undefined {
	return token?.kind === "sign" ? SIGNS[token.text] : undefined;
}

function getOnly(parts: readonly Expression[]): Expression | undefined {
	return parts.length === 1 ? parts[0] : undefined;
}
