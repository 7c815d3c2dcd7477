import { createSyntaxError } from "./syntaxError.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Goes through the pieces of a query from left to right. */
export class TokenReader {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(query: string) {
		this.#tokens = tokensOf(query);
	}

	/** Whether nothing is left. */
	get isAtEnd(): boolean {
		return this.#at >= this.#tokens.length;
	}

	/** Takes the next piece, whatever it is. */
	next(): Token {
		const token = this.#tokens[this.#at];
		if (token === undefined) throw createSyntaxError();
		this.#at += 1;
		return token;
	}

	/** The next piece, left where it is. */
	peek(): Token | undefined {
		return this.#tokens[this.#at];
	}

	/** Takes a keyword or a sign if it comes next; whether it did. Keywords match in any case. */
	take(text: string): boolean {
		const token = this.peek();
		const found =
			token !== undefined && token.kind !== "value" && token.text.toLowerCase() === text.toLowerCase();
		if (found) this.#at += 1;
		return found;
	}

	/** Takes a keyword or a sign that must come next. */
	expect(text: string): void {
		if (!this.take(text)) throw createSyntaxError();
	}

	/** Takes a word that must come next. */
	word(): string {
		const token = this.next();
		if (token.kind !== "word") throw createSyntaxError();
		return token.text;
	}
}
