import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMembers, stringifyMembers } from "../../../provider/fleet/declaredMembers.ts";

test("stringifyMembers returns the same string for any order of members and properties", () => {
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

test("parseMembers reads what stringifyMembers wrote", () => {
	const members = new Map([["a", { status: "enabled" }]]);
	assert.deepEqual(parseMembers(stringifyMembers(members)), members);
});

test("parseMembers returns undefined for anything but a JSON object of objects", () => {
	for (const text of [undefined, 7, "", "null", "[]", "{", '{"a":1}', '{"a":[]}', '{"a":null}']) {
		assert.equal(parseMembers(text), undefined);
	}
});
