import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { MappingMember, ParsedSource, ScalarNode, SourceNode } from "./sourceNode.ts";

/** Options of {@link parseJsonText}. */
export interface JsonParseOptions {
	/** The line of the file on which the text begins. Default: 1. */
	readonly line?: number;
	/** Whether a member of the outermost object may be skipped: its value becomes `true`, unless it is null. Default: none. */
	readonly canSkip?: (name: string) => boolean;
	/** The part of the file that is not read after an error, as its message names it. Default: `below`. */
	readonly unreadPart?: string;
}

/**
 * Parses a JSON text (RFC 8259). `JSON.parse` reports neither positions nor repeated names, and its errors repeat the text
 * around them, which may be a key.
 */
export function parseJsonText(text: string, options: JsonParseOptions = {}): ParsedSource {
	try {
		return { root: new JsonParser(text, options).parseDocument(), diagnostics: [] };
	} catch (error) {
		if (error instanceof JsonSyntaxError) return { diagnostics: [error.diagnostic] };
		throw error;
	}
}

/** Stops parsing at the first syntax error. */
class JsonSyntaxError extends Error {
	readonly diagnostic: Diagnostic;

	constructor(diagnostic: Diagnostic) {
		super(diagnostic.text);
		this.diagnostic = diagnostic;
	}
}

/** Maximum depth of nested values. The hub allows ten levels in a twin. */
const MAX_DEPTH = 100;

/** A string whose characters are neither quotes, nor backslashes, nor control characters unless escaped. */
const STRING_PATTERN = /"[ !#-[\]-\uFFFF]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uFFFF]*)*"/y;
const LITERAL_PATTERN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const EXPECTED = "a value (a string in double quotes, a number, true, false, { or [)";

class JsonParser {
	readonly #text: string;
	readonly #canSkip: (name: string) => boolean;
	readonly #unreadPart: string;
	#offset = 0;
	#line: number;
	#lineStart = 0;

	constructor(text: string, { line = 1, canSkip = () => false, unreadPart = "below" }: JsonParseOptions) {
		this.#text = text;
		this.#line = line;
		this.#canSkip = canSkip;
		this.#unreadPart = unreadPart;
	}

	parseDocument(): SourceNode {
		const value = this.#parseValue(0);
		if (this.#peekCharacter() !== "") throw this.#createError("the end of the text");
		return value;
	}

	#parseValue(depth: number): SourceNode {
		const first = this.#peekCharacter();
		const line = this.#line;
		const column = this.#getColumn();
		if (depth > MAX_DEPTH) throw this.#createError(`a value nested less than ${MAX_DEPTH} levels deep`);
		if (first === "{") return { kind: "map", line, column, members: this.#parseMembers(depth) };
		if (first === "[") return { kind: "list", line, column, items: this.#parseItems(depth) };
		const value = first === '"' ? this.#parseString("a string that ends on its line") : this.#parseLiteral();
		return { kind: "scalar", line, column, value };
	}

	#parseMembers(depth: number): readonly MappingMember[] {
		const members: MappingMember[] = [];
		for (let more = this.#openBracket("}"); more; more = this.#hasNextItem("}")) {
			if (this.#peekCharacter() !== '"') throw this.#createError("a name in double quotes");
			const line = this.#line;
			const column = this.#getColumn();
			const name = this.#parseString("a name that ends on its line");
			this.#expectColon();
			members.push({ line, column, name, value: this.#parseMember(name, depth + 1) });
		}
		return members;
	}

	#parseMember(name: string, depth: number): SourceNode {
		if (depth > 1 || !this.#canSkip(name)) return this.#parseValue(depth);
		const value = this.#peekCharacter() === "n" ? null : true;
		const line = this.#line;
		const column = this.#getColumn();
		this.#skipValue(depth);
		return { kind: "scalar", line, column, value };
	}

	#parseItems(depth: number): readonly SourceNode[] {
		const items: SourceNode[] = [];
		for (let more = this.#openBracket("]"); more; more = this.#hasNextItem("]"))
			items.push(this.#parseValue(depth + 1));
		return items;
	}

	/** Parses a value without keeping it. */
	#skipValue(depth: number): void {
		const first = this.#peekCharacter();
		if (depth > MAX_DEPTH) throw this.#createError(`a value nested less than ${MAX_DEPTH} levels deep`);
		if (first === "{") {
			for (let more = this.#openBracket("}"); more; more = this.#hasNextItem("}")) {
				if (this.#peekCharacter() !== '"' || this.#matchPattern(STRING_PATTERN) === undefined)
					throw this.#createError("a name in double quotes");
				this.#expectColon();
				this.#skipValue(depth + 1);
			}
		} else if (first === "[") {
			for (let more = this.#openBracket("]"); more; more = this.#hasNextItem("]")) this.#skipValue(depth + 1);
		} else if (this.#matchPattern(first === '"' ? STRING_PATTERN : LITERAL_PATTERN) === undefined)
			throw this.#createError(EXPECTED);
	}

	/** Consumes an opening bracket. Returns whether an item follows. */
	#openBracket(end: string): boolean {
		this.#offset++;
		if (this.#peekCharacter() !== end) return true;
		this.#offset++;
		return false;
	}

	/** Consumes the comma or bracket after an item. Returns whether another item follows. */
	#hasNextItem(end: string): boolean {
		const after = this.#peekCharacter();
		if (after !== end && after !== ",") throw this.#createError(`"," or "${end}"`);
		this.#offset++;
		return after === ",";
	}

	#expectColon(): void {
		if (this.#peekCharacter() !== ":") throw this.#createError('":"');
		this.#offset++;
	}

	/** Parses a string into a copy: a slice of the text would keep the whole text in memory. */
	#parseString(expected: string): string {
		const start = this.#offset;
		const end = this.#matchPattern(STRING_PATTERN);
		if (end === undefined) throw this.#createError(expected);
		return JSON.parse(this.#text.slice(start, end));
	}

	#parseLiteral(): ScalarNode["value"] {
		const start = this.#offset;
		const end = this.#matchPattern(LITERAL_PATTERN);
		if (end === undefined) throw this.#createError(EXPECTED);
		return JSON.parse(this.#text.slice(start, end));
	}

	/** Consumes a match of the pattern at the current offset. Returns the offset of its end; undefined without a match. */
	#matchPattern(pattern: RegExp): number | undefined {
		pattern.lastIndex = this.#offset;
		if (!pattern.test(this.#text)) return undefined;
		this.#offset = pattern.lastIndex;
		return this.#offset;
	}

	/** Skips white space. Returns the next character; empty at the end of the text. */
	#peekCharacter(): string {
		for (;;) {
			const next = this.#text.charAt(this.#offset);
			if (next !== " " && next !== "\t" && next !== "\n" && next !== "\r") return next;
			this.#offset++;
			if (next === "\n" || (next === "\r" && this.#text.charAt(this.#offset) !== "\n")) {
				this.#line++;
				this.#lineStart = this.#offset;
			}
		}
	}

	#getColumn(): number {
		return this.#offset - this.#lineStart + 1;
	}

	#createError(expected: string): JsonSyntaxError {
		const invisible = describeInvisibleCharacter(this.#text.charAt(this.#offset));
		const found = invisible === undefined ? "" : `, got ${invisible}`;
		const text = `invalid JSON: expected ${expected}${found}; nothing ${this.#unreadPart} was read`;
		return new JsonSyntaxError({ line: this.#line, column: this.#getColumn(), text });
	}
}
