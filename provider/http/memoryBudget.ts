import { getHeapStatistics } from "node:v8";
import { UnreadableAnswer } from "./errors.ts";

/**
 * About what V8 takes for values, in bytes. A member costs most where no other object has the same, as no two rows of an
 * enemy need to; a character takes two bytes as soon as one of its text is not Latin.
 */
const ESTIMATED_BYTES = { container: 64, member: 64, item: 8, text: 32, character: 2 } as const;

/** What a list may take of the memory that Node gives a process: it isn't the only thing there. */
const MAX_HEAP_SHARE = 0.5;

/** What a list of many pages has brought so far; ends one that would not fit into memory, as one without end never does. */
export class MemoryBudget {
	readonly #operationName: string;
	readonly #maxBytes: number;
	#usedBytes = 0;

	/**
	 * @param what what the list is read for, as the error says it: `querying devices`
	 * @param most how much it may be, in bytes; default half of the memory that Node gives the process
	 */
	constructor(what: string, most = getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE) {
		this.#operationName = what;
		this.#maxBytes = most;
	}

	/**
	 * Adds a page.
	 *
	 * @throws UnreadableAnswer where it is too much
	 */
	addPage(page: unknown): void {
		this.#usedBytes += estimateBytes(page);
		if (this.#usedBytes <= this.#maxBytes) return;
		const maxSize = `${Math.round(this.#maxBytes / 2 ** 20)} MB`;
		throw new UnreadableAnswer(
			`${this.#operationName} failed: the list does not end, or is too long for this process's memory (more than ${maxSize}). ` +
				"Ask for less, or give Node more memory: NODE_OPTIONS=--max-old-space-size=8192.",
			200,
		);
	}
}

/** About how much memory a JSON value takes, in bytes. */
export function estimateBytes(value: unknown): number {
	if (typeof value === "string") return ESTIMATED_BYTES.text + ESTIMATED_BYTES.character * value.length;
	if (typeof value !== "object" || value === null) return ESTIMATED_BYTES.item;
	if (Array.isArray(value)) {
		return value.reduce<number>(
			(sum, item) => sum + ESTIMATED_BYTES.item + estimateBytes(item),
			ESTIMATED_BYTES.container,
		);
	}
	let sum: number = ESTIMATED_BYTES.container;
	for (const [name, memberValue] of Object.entries(value)) {
		sum += ESTIMATED_BYTES.member + ESTIMATED_BYTES.character * name.length + estimateBytes(memberValue);
	}
	return sum;
}
