import { getHeapStatistics } from "node:v8";
import { UnreadableAnswer } from "./errors.ts";

/**
 * Approximate memory that V8 needs for values, in bytes. A member of a JSON object costs most if no other object has the
 * same one, which a hostile service can arrange. Characters take two bytes each if one in the string is not Latin-1.
 */
const ESTIMATED_BYTES = { container: 64, member: 64, item: 8, text: 32, character: 2 } as const;

/** Share of the process's memory that a list may take. The rest is for other values. */
const MAX_HEAP_SHARE = 0.5;

/** Limits the memory that a paged list may take. This also stops a list that never ends. */
export class MemoryBudget {
	readonly #operationName: string;
	readonly #maxBytes: number;
	#usedBytes = 0;

	/**
	 * @param operationName the operation's name in the error: `querying devices`
	 * @param maxBytes default: half of the memory that Node.js allows the process
	 */
	constructor(operationName: string, maxBytes = getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE) {
		this.#operationName = operationName;
		this.#maxBytes = maxBytes;
	}

	/**
	 * Counts a page against the budget.
	 *
	 * @throws UnreadableAnswer if the budget is exceeded
	 */
	addPage(page: unknown): void {
		this.#usedBytes += estimateBytes(page);
		if (this.#usedBytes <= this.#maxBytes) return;
		const maxSize = `${Math.round(this.#maxBytes / 2 ** 20)} MB`;
		throw new UnreadableAnswer(
			`${this.#operationName} failed: the list does not end, or does not fit into this process's memory (more than ${maxSize}). ` +
				"Request fewer objects, or give Node.js more memory: NODE_OPTIONS=--max-old-space-size=8192.",
			200,
		);
	}
}

/** Estimates the memory that a JSON value takes, in bytes. */
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
