import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Search } from "./search.ts";

const around = fc.string({ unit: "grapheme", maxLength: 12 });

test("a secret is found in every code, wherever it stands in what was coded", () => {
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
				/^AssertionError.* it tells/,
			);
		}),
	);
});

test("what was searched is counted, and a search for nothing or in nothing is none", () => {
	const search = new Search();
	search.assertSilent("one", ["a text", "another"], ["secret-1"]);
	search.assertSilent("two", ["a third"], ["secret-1", "secret-2"]);
	assert.match(
		search.describe(),
		/^3 texts \(20 characters\) were searched for 2 secrets in \d+ spellings\.$/,
	);
	assert.throws(() => search.assertSilent("three", ["a text"], []), /three: no secret was seen/);
	assert.throws(() => search.assertSilent("four", [""], ["secret-1"]), /four: nothing was printed/);
});
