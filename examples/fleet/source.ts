import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type { Fault, Place } from "./device";

/** A YAML document with the positions of its nodes. */
export class Source {
	/** The syntax errors. */
	readonly faults: readonly Fault[];
	/** The root of the document. */
	readonly root: unknown;
	readonly #document: Document;
	readonly #lines = new LineCounter();

	constructor(text: string) {
		this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
		this.root = this.#document.contents;
		this.faults = this.#document.errors.map(({ pos, message }) => ({
			place: this.#place(pos[0]),
			text: message,
		}));
	}

	/** Returns the position at which a node begins. */
	placeOf(node: unknown): Place {
		return this.#place(isNode(node) ? (node.range?.[0] ?? 0) : 0);
	}

	/** Returns the value of a node. */
	valueOf(node: unknown): unknown {
		return isNode(node) ? node.toJS(this.#document) : node;
	}

	#place(offset: number): Place {
		const { line, col } = this.#lines.linePos(offset);
		return { line, column: col };
	}
}
