import type { FileFault } from "./fileFault.ts";
import type { Located, Member, Scalar } from "./located.ts";

/** What is to be known besides the text. */
export interface JsonOptions {
	/** The line of the file on which the text begins. Default: 1. */
	readonly line?: number;
	/** Members of the outermost object whose values nobody looks at: `null` stays what it is, others become `true`. */
	readonly isIdle?: (name: string) => boolean;
}

/**
 * Takes a JSON text apart (RFC 8259). `JSON.parse` tells neither where a value stands nor of names that stand twice, and its
 * errors repeat what stands around, which may be a key.
 */
export function jsonIn(text: string, options: JsonOptions = {}): Located | FileFault {
	try {
		return new JsonReader(text, options).whole();
	} catch (error) {
		if (error instanceof Stop) return error.fault;
		throw error;
	}
}

/** The end of the reading. */
class Stop extends Error {
	readonly fault: FileFault;

	constructor(fault: FileFault) {
		super(fault.text);
		this.fault = fault;
	}
}

/** How deep values may stand in each other. The hub allows twins ten levels. */
const DEPTH = 100;

/** Of a text's characters neither quotes, nor backslashes, nor those that control. */
const TEXT = /"[ !#-[\]-\uFFFF]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uFFFF]*)*"/y;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const EXPECTED = "a value: a text in double quotes, a number, true, false, { or [";

class JsonReader {
	readonly #text: string;
	readonly #isIdle: (name: string) => boolean;
	#at = 0;
	#line: number;
	#lineStart = 0;

	constructor(text: string, { line = 1, isIdle = () => false }: JsonOptions) {
		this.#text = text;
		this.#line = line;
		this.#isIdle = isIdle;
	}

	whole(): Located {
		const value = this.#value(0);
		if (this.#next() !== "") throw this.#stop("its end");
		return value;
	}

	#value(depth: number): Located {
		const first = this.#next();
		const line = this.#line;
		const column = this.#column();
		if (depth > DEPTH) throw this.#stop(`a value that is nested less than ${DEPTH} times`);
		if (first === "{") return { kind: "map", line, column, members: this.#members(depth) };
		if (first === "[") return { kind: "list", line, column, items: this.#items(depth) };
		const value = first === '"' ? this.#string("a text that ends on its line") : this.#word();
		return { kind: "scalar", line, column, value };
	}

	#members(depth: number): readonly Member[] {
		const members: Member[] = [];
		for (let more = this.#opens("}"); more; more = this.#goesOn("}")) {
			if (this.#next() !== '"') throw this.#stop("a name in double quotes");
			const line = this.#line;
			const column = this.#column();
			const name = this.#string("a name that ends on its line");
			this.#colon();
			members.push({ line, column, name, value: this.#member(name, depth + 1) });
		}
		return members;
	}

	#member(name: string, depth: number): Located {
		if (depth > 1 || !this.#isIdle(name)) return this.#value(depth);
		const value = this.#next() === "n" ? null : true;
		const line = this.#line;
		const column = this.#column();
		this.#skip(depth);
		return { kind: "scalar", line, column, value };
	}

	#items(depth: number): readonly Located[] {
		const items: Located[] = [];
		for (let more = this.#opens("]"); more; more = this.#goesOn("]")) items.push(this.#value(depth + 1));
		return items;
	}

	/** Goes over a value without keeping it. */
	#skip(depth: number): void {
		const first = this.#next();
		if (depth > DEPTH) throw this.#stop(`a value that is nested less than ${DEPTH} times`);
		if (first === "{") {
			for (let more = this.#opens("}"); more; more = this.#goesOn("}")) {
				if (this.#next() !== '"' || this.#end(TEXT) === undefined)
					throw this.#stop("a name in double quotes");
				this.#colon();
				this.#skip(depth + 1);
			}
		} else if (first === "[") {
			for (let more = this.#opens("]"); more; more = this.#goesOn("]")) this.#skip(depth + 1);
		} else if (this.#end(first === '"' ? TEXT : WORD) === undefined) throw this.#stop(EXPECTED);
	}

	/** Goes over an opening bracket; whether something stands within. */
	#opens(end: string): boolean {
		this.#at++;
		if (this.#next() !== end) return true;
		this.#at++;
		return false;
	}

	/** Goes over what follows an item; whether there is another one. */
	#goesOn(end: string): boolean {
		const after = this.#next();
		if (after !== end && after !== ",") throw this.#stop(`"," or "${end}"`);
		this.#at++;
		return after === ",";
	}

	#colon(): void {
		if (this.#next() !== ":") throw this.#stop('":"');
		this.#at++;
	}

	/** A text of its own: a part of the file's would keep the file in memory. */
	#string(expected: string): string {
		const start = this.#at;
		const end = this.#end(TEXT);
		if (end === undefined) throw this.#stop(expected);
		return JSON.parse(this.#text.slice(start, end));
	}

	#word(): Scalar["value"] {
		const start = this.#at;
		const end = this.#end(WORD);
		if (end === undefined) throw this.#stop(EXPECTED);
		return JSON.parse(this.#text.slice(start, end));
	}

	/** Goes to the end of what the pattern finds here. */
	#end(pattern: RegExp): number | undefined {
		pattern.lastIndex = this.#at;
		if (!pattern.test(this.#text)) return undefined;
		this.#at = pattern.lastIndex;
		return this.#at;
	}

	/** The character after blanks and line ends; empty at the end. */
	#next(): string {
		for (;;) {
			const next = this.#text.charAt(this.#at);
			if (next !== " " && next !== "\t" && next !== "\n" && next !== "\r") return next;
			this.#at++;
			if (next === "\n" || (next === "\r" && this.#text.charAt(this.#at) !== "\n")) {
				this.#line++;
				this.#lineStart = this.#at;
			}
		}
	}

	#column(): number {
		return this.#at - this.#lineStart + 1;
	}

	#stop(expected: string): Stop {
		const text = `is no JSON: here must stand ${expected}; nothing below was read`;
		return new Stop({ line: this.#line, column: this.#column(), text });
	}
}
