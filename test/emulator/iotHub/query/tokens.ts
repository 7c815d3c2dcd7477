import { HubError } from "../hubError.ts";
import type { Collection } from "./query.ts";

/** A token of a query. */
export type Token =
	| { readonly kind: "word"; readonly text: string }
	| { readonly kind: "value"; readonly value: string | number }
	| { readonly kind: "sign"; readonly text: string };

/** Names in double brackets, as of configurations, may contain any character but a bracket. */
const PIECES =
	/\s+|(?<word>[A-Za-z_$][\w$]*(?:\.(?:[\w$]+|\[\[[^[\]]+\]\]))*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w)|'(?<single>(?:[^'\\]|''|\\.)*)'|"(?<double>(?:[^"\\]|""|\\.)*)"|(?<sign><>|!=|<=|>=|[=<>()[\],*])/gsy;

/** The maximum length of a query, in characters ("IoT Hub query language"). */
const LONGEST = 8192;

/** Splits a query into tokens. A quote inside a string is doubled or follows a backslash. */
export function tokenize(query: string): Token[] {
	if (query.length > LONGEST) throw createSyntaxError();
	const pieces = [...query.matchAll(PIECES)];
	if (pieces.reduce((length, [piece]) => length + piece.length, 0) !== query.length)
		throw createSyntaxError();
	return pieces.map(createToken).filter((token) => token !== undefined);
}

function createToken({ groups = {} }: RegExpExecArray): Token | undefined {
	const { word, number, single, double, sign } = groups;
	if (word !== undefined) return { kind: "word", text: word };
	if (number !== undefined) return { kind: "value", value: Number(number) };
	if (single !== undefined) return { kind: "value", value: unescapeText(single, "'") };
	if (double !== undefined) return { kind: "value", value: unescapeText(double, '"') };
	return sign === undefined ? undefined : { kind: "sign", text: sign };
}

/** The escapes in strings: `\\'`, `\\"`, `\\\\` and `\\uXXXX` ("IoT Hub query language"); any other is an error. */
function unescapeText(text: string, quote: string): string {
	return text
		.replaceAll(quote + quote, quote)
		.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code, escaped) => {
			if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
			if (!"'\"\\".includes(escaped)) throw createSyntaxError();
			return escaped;
		});
}

/** Reads the tokens of a query from left to right. */
export class TokenReader {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(query: string) {
		this.#tokens = tokenize(query);
	}

	/** The collection of the query, by which names may be qualified; undefined before it is read. */
	collection: Collection | undefined;

	/** Whether no token is left. */
	get isAtEnd(): boolean {
		return this.#at >= this.#tokens.length;
	}

	/** Returns the next token and advances. */
	next(): Token {
		const token = this.#tokens[this.#at];
		if (token === undefined) throw createSyntaxError();
		this.#at += 1;
		return token;
	}

	/** Returns the next token without advancing. */
	peek(): Token | undefined {
		return this.#tokens[this.#at];
	}

	/** Advances past a keyword or an operator if it comes next, and returns whether it did. Keywords match in any case. */
	take(text: string): boolean {
		const token = this.peek();
		const found =
			token !== undefined && token.kind !== "value" && token.text.toLowerCase() === text.toLowerCase();
		if (found) this.#at += 1;
		return found;
	}

	/** Advances past a keyword or an operator, which must come next. */
	expect(text: string): void {
		if (!this.take(text)) throw createSyntaxError();
	}

	/** Returns the next token, which must be a name, and advances. */
	word(): string {
		const token = this.next();
		if (token.kind !== "word") throw createSyntaxError();
		return token.text;
	}
}

/** Creates a 400 for an invalid query; the hub gives no details. */
export function createSyntaxError(): HubError {
	return new HubError("ArgumentInvalid", "BadRequest");
}
