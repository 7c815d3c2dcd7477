import assert from "node:assert/strict";
import { inspect } from "node:util";

/** The minimum length of a secret; shorter ones occur in texts by chance. */
const SHORTEST = 8;

/** How much of a text an assertion shows, in characters. */
const SHOWN = 5_000;

/** Searches texts for secrets, and counts what it searched. */
export class Search {
	readonly #spellings = new Map<string, readonly string[]>();
	#texts = 0;
	#characters = 0;

	/** Asserts that there are secrets and texts, and that no text contains a secret. */
	assertSilent(what: string, texts: readonly string[], secrets: Iterable<string>): void {
		const known = [...secrets]
			.filter(({ length }) => length >= SHORTEST)
			.flatMap((secret) => this.#spelled(secret));
		assert.ok(known.length > 0, `${what}: there are no secrets to search for`);
		assert.ok(
			texts.some((text) => text !== ""),
			`${what}: nothing was printed`,
		);
		for (const text of texts) {
			this.#texts++;
			this.#characters += text.length;
			const found = known.find((spelling) => text.includes(spelling));
			assert.ok(found === undefined, `${what} contains ${found}: ${text.slice(0, SHOWN)}`);
		}
	}

	/** Returns a sentence about what was searched. */
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

/** Lists the forms of a secret in a text: as it is, and in the encodings used on the wire. */
export function listSpellings(secret: string): string[] {
	const bytes = Buffer.from(secret, "utf8");
	const hex = bytes.toString("hex");
	const inBase64 = [0, 1, 2].map((offset) => encodeBehind(offset, bytes));
	return [
		...new Set([
			secret,
			...inBase64,
			...inBase64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
			encodeURIComponent(secret),
			encodeURIComponent(encodeURIComponent(secret)),
			new URLSearchParams([["", secret]]).toString().slice(1),
			hex,
			hex.toUpperCase(),
			JSON.stringify(secret).slice(1, -1),
		]),
	];
}

/**
 * Returns the base64 characters that depend on the secret alone if other bytes precede or follow it.
 *
 * @param offset the number of preceding bytes modulo three
 */
function encodeBehind(offset: number, bytes: Buffer): string {
	const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
	const length = offset + bytes.length;
	return text.slice(Math.ceil((offset * 4) / 3), Math.floor((length * 4) / 3));
}

/** Lists all substrings of that length, for texts that must not contain even a part of the secret. */
export function listPieces(secret: string, length: number): string[] {
	const count = Math.max(0, secret.length - length + 1);
	return Array.from({ length: count }, (_, at) => secret.slice(at, at + length));
}

/** Lists the forms in which a program may print an error: message, stack, causes, all properties, JSON. */
export function listPrintedForms(error: unknown): string[] {
	const all = { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null } as const;
	return [
		String(error),
		inspect(error, all),
		JSON.stringify(error, omitErrorText) ?? "",
		...listCauses(error).flatMap((cause) => [cause.message, cause.stack ?? ""]),
	];
}

/** Lists all own properties of an error, also hidden ones, as a logger does. */
function omitErrorText(_name: string, value: unknown): unknown {
	if (!(value instanceof Error)) return value;
	return Object.fromEntries(
		Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]),
	);
}

function listCauses(error: unknown): Error[] {
	return error instanceof Error ? [error, ...listCauses(error.cause)] : [];
}
