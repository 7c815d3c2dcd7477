import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPrintable, toPrintable, toPrintableJson } from "../../../provider/http/printable.ts";

const OBEYED = /(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

test("what a terminal would obey is left out, and line breaks stay", () => {
	assert.equal(toPrintable("a\u001b[2J\u009b\n\tb\u202e"), "a [2J \n\tb ");
});

test("a text is printable where nothing is left out of it, and UTF-8 has all of it", () => {
	for (const text of ["", "a\n\tb", "ä😀", "in service"]) assert.ok(isPrintable(text), text);
	for (const text of ["\u001b[2J", "a\0", "\u009b", "\u202e", "\ud83d", "\ude00a"])
		assert.ok(!isPrintable(text));
});

test("JSON has it as escapes, so that no value is another one afterwards", () => {
	const part = fc.constantFrom(
		"\u001b[2J",
		"\u009b",
		"\u007f",
		"\u202e",
		"\u2066",
		"\u2028",
		"\n",
		"\\",
		'"',
		"ä",
		"😀",
	);
	fc.assert(
		fc.property(
			fc.dictionary(fc.string(), fc.array(part)),
			fc.constantFrom(undefined, "\t", 2),
			(value, indent) => {
				const json = toPrintableJson(value, indent);
				assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
				assert.doesNotMatch(json, OBEYED);
			},
		),
	);
	assert.equal(toPrintableJson(["\u009b"]), '["\\u009b"]');
});
