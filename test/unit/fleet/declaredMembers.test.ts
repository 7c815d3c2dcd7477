import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMembers, stringifyMembers } from "../../../provider/fleet/declaredMembers.ts";

test("a fleet has one text, whatever order its members and their properties come in", () => {
	const one = {
		b: { status: "enabled", parent: "a" },
		a: { labels: ["y", "x"], note: undefined, gone: null },
	};
	const other = { a: { labels: ["y", "x"] }, b: { parent: "a", status: "enabled" } };
	assert.equal(
		stringifyMembers(Object.entries(one)),
		'{"a":{"labels":["y","x"]},"b":{"parent":"a","status":"enabled"}}',
	);
	assert.equal(stringifyMembers(Object.entries(one)), stringifyMembers(Object.entries(other)));
});

test("a text reads back as it was written", () => {
	const members = new Map([["a", { status: "enabled" }]]);
	assert.deepEqual(parseMembers(stringifyMembers(members)), members);
});

test("anything but an object of objects is no fleet", () => {
	for (const text of [undefined, 7, "", "null", "[]", "{", '{"a":1}', '{"a":[]}', '{"a":null}']) {
		assert.equal(parseMembers(text), undefined);
	}
});
