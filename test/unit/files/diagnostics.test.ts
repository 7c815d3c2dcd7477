import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDiagnostics, WHOLE_FILE } from "../../../provider/files/diagnostics.ts";
import { quoteName } from "../../../provider/text/quotedNames.ts";

describe("a name in a message", () => {
	test("is repeated without white space around it", () =>
		assert.equal(quoteName(' pump "1" '), '"pump \\"1\\""'));

	test("is not repeated if it may be a key, from the shortest one of 16 bytes on", () => {
		for (const bytes of [16, 17, 32, 64]) {
			const key = Buffer.alloc(bytes, 7).toString("base64");
			assert.equal(quoteName(key), `a string of ${key.length} characters`);
		}
		assert.equal(quoteName(Buffer.alloc(13, 7).toString("base64")), '"BwcHBwcHBwcHBwcHBw=="');
		assert.equal(quoteName("line=1234567890123456789012=="), '"line=1234567890123456789012=="');
	});

	test("is not repeated if it is longer than any id", () => {
		assert.equal(quoteName("x".repeat(128)), JSON.stringify("x".repeat(128)));
		assert.equal(quoteName("x".repeat(129)), "a string of 129 characters");
	});
});

test("a message has no control characters, whatever the path and the texts contain", () => {
	const message = formatDiagnostics('"\u001b[2J.csv" is wrong:', [
		{ ...WHOLE_FILE, text: "the file \u009b2J" },
		{ line: 2, column: 3, text: "the cell \u202e" },
	]);
	assert.equal(message, '" [2J.csv" is wrong:\n- the file  2J\n- line 2, column 3: the cell  ');
});
