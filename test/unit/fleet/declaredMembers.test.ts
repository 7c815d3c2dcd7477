import assert from "node:assert/strict";
import { test } from "node:test";
import {
	formatDeclaration,
	parseMembers,
	stringifyMembers,
} from "../../../provider/fleet/declaredMembers.ts";

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

test("formatDeclaration returns a line for each member in natural order, which parseMembers reads", () => {
	const members = { "dev-10": { b: "}\n{", a: null }, "dev-9": { labels: ["x"] }, "dev-8": {} };
	const text = formatDeclaration(Object.entries(members));
	assert.equal(text, '{"dev-8":{}}\n{"dev-9":{"labels":["x"]}}\n{"dev-10":{"b":"}\\n{"}}');
	const parsed = parseMembers(text) ?? new Map();
	assert.deepEqual([...parsed.keys()], ["dev-8", "dev-9", "dev-10"]);
	assert.deepEqual(Object.fromEntries(parsed), {
		"dev-8": {},
		"dev-9": { labels: ["x"] },
		"dev-10": { b: "}\n{" },
	});
	assert.equal(formatDeclaration(parsed), text);
});

test("formatDeclaration returns a JSON object for no member and for one", () => {
	assert.equal(formatDeclaration([]), "{}");
	assert.equal(formatDeclaration([["a", {}]]), '{"a":{}}');
});
