import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJsonText } from "../../../provider/files/jsonParser.ts";
import type { SourceNode } from "../../../provider/files/sourceNode.ts";

/** Returns the values of a node, without the positions. */
function toPlainValue(node: SourceNode): unknown {
	if (node.kind === "scalar") return node.value;
	if (node.kind === "list") return node.items.map(toPlainValue);
	return Object.fromEntries(node.members.map(({ name, value }) => [name, toPlainValue(value)]));
}

/** Returns the values in a text, each with the character with which it must begin. */
function* listPositions(node: SourceNode): Generator<{ line: number; column: number; start: string }> {
	const { line, column } = node;
	const start =
		node.kind === "map" ? "{" : node.kind === "list" ? "[" : JSON.stringify(node.value).slice(0, 1);
	yield { line, column, start };
	for (const inner of node.kind === "list" ? node.items : []) yield* listPositions(inner);
	for (const member of node.kind === "map" ? node.members : []) {
		yield { line: member.line, column: member.column, start: '"' };
		yield* listPositions(member.value);
	}
}

function parseValid(text: string): SourceNode {
	const { root, diagnostics } = parseJsonText(text);
	assert.deepEqual(diagnostics, []);
	return root ?? assert.fail("there is neither a root nor a diagnostic");
}

test("a text that JSON.parse accepts is parsed to the same values", () => {
	fc.assert(
		fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (text, indent) => {
			const value: unknown = JSON.parse(text);
			assert.deepEqual(toPlainValue(parseValid(text)), value);
			assert.deepEqual(toPlainValue(parseValid(JSON.stringify(value, null, indent))), value);
		}),
		{ numRuns: 1000 },
	);
});

test("a text that JSON.parse rejects is rejected with one diagnostic", () => {
	const broken = fc
		.tuple(fc.json(), fc.nat(), fc.constantFrom("", "'", "{", "]", ",", "0", "\\", "\n", "\u0001", ":", "e"))
		.map(([text, at, what]) => {
			const place = at % (text.length + 1);
			return text.slice(0, place) + what + text.slice(place + (at % 2));
		});
	fc.assert(
		fc.property(broken, (text) => {
			const { root, diagnostics } = parseJsonText(text);
			assert.equal(root !== undefined, isJson(text), JSON.stringify(text));
			assert.equal(diagnostics.length, isJson(text) ? 0 : 1);
		}),
		{ numRuns: 3000 },
	);
});

test("each value has the position where it begins", () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom("\n", "\r\n", "\r"), (value, end) => {
			const text = JSON.stringify(value, null, 2).replaceAll("\n", end);
			const lines = text.split(end);
			for (const { line, column, start } of listPositions(parseValid(text)))
				assert.equal(lines[line - 1]?.charAt(column - 1), start);
		}),
		{ numRuns: 500 },
	);
});

test("members that may be skipped are checked, but not kept", () => {
	const canSkip = (name: string) => name === "tags";
	const { root } = parseJsonText('{"tags":{"a":[1,{"b":null}]},"id":{"tags":1}}', { canSkip });
	assert.ok(root !== undefined);
	assert.deepEqual(toPlainValue(root), { tags: true, id: { tags: 1 } });
	const { root: nullTags } = parseJsonText('{"tags":null}', { canSkip });
	assert.ok(nullTags !== undefined);
	assert.deepEqual(toPlainValue(nullTags), { tags: null });
	for (const broken of [
		'{"tags":{"a" 1}}',
		'{"tags":[1 2]}',
		'{"tags":{a:1}}',
		'{"tags":tru}',
		'{"tags":"\\x"}',
	])
		assert.equal(parseJsonText(broken, { canSkip }).root, undefined, broken);
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
