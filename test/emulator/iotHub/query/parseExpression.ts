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

/** How deep parentheses and negations may nest. */
const DEEPEST = 60;

/** Reads a condition: OR binds weaker than AND, AND weaker than NOT. */
export function parseExpression(reader: TokenReader, depth = 0): Expression {
	if (depth > DEEPEST) throw createSyntaxError();
	const parts = [conjunction(reader, depth)];
	while (reader.take("or")) parts.push(conjunction(reader, depth));
	return only(parts) ?? { kind: "any", of: parts };
}

function conjunction(reader: TokenReader, depth: number): Expression {
	const parts = [negation(reader, depth)];
	while (reader.take("and")) parts.push(negation(reader, depth));
	return only(parts) ?? { kind: "all", of: parts };
}

function negation(reader: TokenReader, depth: number): Expression {
	if (depth > DEEPEST) throw createSyntaxError();
	return reader.take("not") ? { kind: "not", of: negation(reader, depth + 1) } : comparison(reader, depth);
}

function comparison(reader: TokenReader, depth: number): Expression {
	const left = operand(reader, depth);
	if (reader.take("in")) return { kind: "in", value: left, list: list(reader, depth) };
	if (reader.take("nin")) return { kind: "not", of: { kind: "in", value: left, list: list(reader, depth) } };
	if (reader.take("not")) {
		reader.expect("in");
		return { kind: "not", of: { kind: "in", value: left, list: list(reader, depth) } };
	}
	const sign = signOf(reader.peek());
	if (sign === undefined) return left;
	reader.next();
	return { kind: "compare", sign, left, right: operand(reader, depth) };
}

function operand(reader: TokenReader, depth: number): Expression {
	const token = reader.next();
	if (token.kind === "value") return { kind: "literal", value: token.value };
	if (token.kind === "word") return reader.take("(") ? call(token.text, reader, depth) : name(token.text);
	if (token.text !== "(") throw createSyntaxError();
	const inner = parseExpression(reader, depth + 1);
	reader.expect(")");
	return inner;
}

function name(text: string): Expression {
	const constant = text.toLowerCase();
	if (Object.hasOwn(CONSTANTS, constant)) return { kind: "literal", value: CONSTANTS[constant] ?? null };
	return { kind: "path", path: text };
}

function call(text: string, reader: TokenReader, depth: number): Expression {
	const found = FUNCTION_NAMES.find((candidate) => candidate === text.toLowerCase());
	if (found === undefined) throw createSyntaxError();
	const of = separated(reader, ")", depth);
	if (of.length !== argumentCount(found)) throw createSyntaxError();
	return { kind: "call", name: found, of };
}

function argumentCount(name: FunctionName): number {
	return name.startsWith("is_") ? 1 : 2;
}

function list(reader: TokenReader, depth: number): Expression[] {
	reader.expect("[");
	return separated(reader, "]", depth);
}

function separated(reader: TokenReader, end: ")" | "]", depth: number): Expression[] {
	if (depth > DEEPEST) throw createSyntaxError();
	const parts: Expression[] = [];
	while (!reader.take(end)) {
		if (parts.length > 0) reader.expect(",");
		parts.push(operand(reader, depth + 1));
	}
	return parts;
}

function signOf(token: Token | undefined): Sign | undefined {
	return token?.kind === "sign" ? SIGNS[token.text] : undefined;
}

function only(parts: readonly Expression[]): Expression | undefined {
	return parts.length === 1 ? parts[0] : undefined;
}
