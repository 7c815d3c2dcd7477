import assert from "node:assert/strict";
import { test } from "node:test";
import { membersIn, textOf } from "../../../provider/fleet/text.ts";

test("a fleet has one text, whatever order its members and their properties come in", () => {
	const one = {
		b: { status: "enabled", parent: "a" },
		a: { labels: ["y", "x"], note: undefined, gone: null },
	};
	const other = { a: { labels: ["y", "x"] }, b: { parent: "a", status: "enabled" } };
	assert.equal(
		textOf(Object.entries(one)),
		'{"a":{"labels":["y","x"]},"b":{"parent":"a","status":"enabled"}}',
	);
	assert.equal(textOf(Object.entries(one)), textOf(Object.entries(other)));
});

test("a text reads back as it was written", () => {
	const members = new Map([["a", { status: "enabled" }]]);
	assert.deepEqual(membersIn(textOf(members)), members);
});

test("anything but an object of objects is no fleet", () => {
	for (const text of [undefined, 7, "", "null", "[]", "{", '{"a":1}', '{"a":[]}', '{"a":null}']) {
		assert.equal(membersIn(text), undefined);
	}
});
