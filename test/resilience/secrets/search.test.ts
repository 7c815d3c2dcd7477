import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Search } from "./search.ts";

const around = fc.string({ unit: "grapheme", maxLength: 12 });

test("a secret is found in every encoding, at every position in the encoded text", () => {
	const codes = fc.constantFrom<(text: string) => string>(
		(text) => text,
		(text) => Buffer.from(text).toString("base64"),
		(text) => Buffer.from(text).toString("base64url"),
		(text) => Buffer.from(text).toString("hex"),
		(text) => encodeURIComponent(text),
		(text) => new URLSearchParams({ text }).toString(),
		(text) => JSON.stringify(text),
	);
	const secret = fc.string({ unit: "grapheme-composite", minLength: 8, maxLength: 60 });
	fc.assert(
		fc.property(secret, around, around, codes, (secret, before, after, code) => {
			const search = new Search();
			assert.throws(
				() => search.assertSilent("it", [code(before + secret + after)], [secret]),
				/^AssertionError.* it contains/,
			);
		}),
	);
});

test("a search counts what it searched, and fails without secrets or texts", () => {
	const search = new Search();
	search.assertSilent("one", ["a text", "another"], ["secret-1"]);
	search.assertSilent("two", ["a third"], ["secret-1", "secret-2"]);
	assert.match(
		search.describe(),
		/^3 texts \(20 characters\) were searched for 2 secrets in \d+ spellings\.$/,
	);
	assert.throws(
		() => search.assertSilent("three", ["a text"], []),
		/three: there are no secrets to search for/,
	);
	assert.throws(() => search.assertSilent("four", [""], ["secret-1"]), /four: nothing was printed/);
});
