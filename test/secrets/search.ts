import assert from "node:assert/strict";
import { listSpellings } from "./spellings.ts";

/** Shorter ones stand in texts by chance. */
const SHORTEST = 8;

/** How much of a text an assertion shows. */
const SHOWN = 5_000;

/** Looks for secrets in texts, and counts what it looked through. */
export class Search {
	readonly #spellings = new Map<string, readonly string[]>();
	#texts = 0;
	#characters = 0;

	/** Asserts that there is something to look for and something to look through, and that no text tells a secret. */
	assertSilent(what: string, texts: readonly string[], secrets: Iterable<string>): void {
		const known = [...secrets]
			.filter(({ length }) => length >= SHORTEST)
			.flatMap((secret) => this.#spelled(secret));
		assert.ok(known.length > 0, `${what}: no secret was seen`);
		assert.ok(
			texts.some((text) => text !== ""),
			`${what}: nothing was printed`,
		);
		for (const text of texts) {
			this.#texts++;
			this.#characters += text.length;
			const found = known.find((spelling) => text.includes(spelling));
			assert.ok(found === undefined, `${what} tells ${found}: ${text.slice(0, SHOWN)}`);
		}
	}

	/** What was looked through, in a sentence. */
	describe(): string {
		const spellings = [...this.#spellings.values()].reduce((sum, { length }) => sum + length, 0);
		const numbers = [this.#texts, this.#characters, this.#spellings.size, spellings];
		const [texts, characters, secrets, all] = numbers.map((number) => number.toLocaleString("en"));
		return `${texts} texts (${characters} characters) were searched for ${secrets} secrets in ${all} spellings.`;
	}

	#spelled(secret: string): readonly string[] {
		const known = this.#spellings.get(secret) ?? listSpellings(secret);
		this.#spellings.set(secret, known);
		return known;
	}
}
