import assert from "node:assert/strict";
import { test } from "node:test";
import { describeInvisibleCharacter, formatCodePoint } from "../../../provider/text/invisibleCharacters.ts";

test("a character that cannot be seen is named by its code point", () => {
	for (const [character, codePoint] of [
		["\t", "U+0009"],
		["\u0085", "U+0085"],
		["\u00A0", "U+00A0"],
		["\u200B", "U+200B"],
		["\u200E", "U+200E"],
		["\u202F", "U+202F"],
		["\u3164", "U+3164"],
		["\uFEFF", "U+FEFF"],
		["\u{E0001}", "U+E0001"],
	] as const) {
		assert.equal(describeInvisibleCharacter(`a${character}b`), `the invisible character ${codePoint}`);
		assert.equal(formatCodePoint(character), codePoint);
	}
});

test("texts of every language can be seen", () => {
	for (const text of ["", "a b", "Büro 東京 🖥", "👩\u200D🔧", "می\u200Cخواهم", "e\u0301"])
		assert.equal(describeInvisibleCharacter(text), undefined, text);
	assert.equal(describeInvisibleCharacter("a\u200Db"), "the invisible character U+200D");
});
