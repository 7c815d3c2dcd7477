import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJsonText } from "../../../provider/files/jsonParser.ts";
import type { SourceNode } from "../../../provider/files/sourceNode.ts";

/** What stands there, without the places. */
function plain(node: SourceNode): unknown {
	if (node.kind === "scalar") return node.value;
	if (node.kind === "list") return node.items.map(plain);
	return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]));
}

/** The values that stand in a text, each with what it must begin with there. */
function* places(node: SourceNode): Generator<{ line: number; column: number; start: string }> {
	const { line, column } = node;
	const start =
		node.kind === "map" ? "{" : node.kind === "list" ? "[" : JSON.stringify(node.value).slice(0, 1);
	yield { line, column, start };
	for (const inner of node.kind === "list" ? node.items : []) yield* places(inner);
	for (const member of node.kind === "map" ? node.members : []) {
		yield { line: member.line, column: member.column, start: '"' };
		yield* places(member.value);
	}
}

function located(text: string): SourceNode {
	const node = parseJsonText(text);
	assert.ok("kind" in node, JSON.stringify(node));
	return node;
}

test("what JSON.parse takes is taken, with the same values", () => {
	fc.assert(
		fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (text, indent) => {
			const value: unknown = JSON.parse(text);
			assert.deepEqual(plain(located(text)), value);
			assert.deepEqual(plain(located(JSON.stringify(value, null, indent))), value);
		}),
		{ numRuns: 1000 },
	);
});

test("what JSON.parse refuses is refused", () => {
	const broken = fc
		.tuple(fc.json(), fc.nat(), fc.constantFrom("", "'", "{", "]", ",", "0", "\\", "\n", "\u0001", ":", "e"))
		.map(([text, at, what]) => {
			const place = at % (text.length + 1);
			return text.slice(0, place) + what + text.slice(place + (at % 2));
		});
	fc.assert(
		fc.property(broken, (text) => {
			assert.equal("kind" in parseJsonText(text), isJson(text), JSON.stringify(text));
		}),
		{ numRuns: 3000 },
	);
});

test("each value has its place", () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom("\n", "\r\n", "\r"), (value, end) => {
			const text = JSON.stringify(value, null, 2).replaceAll("\n", end);
			const lines = text.split(end);
			for (const { line, column, start } of places(located(text)))
				assert.equal(lines[line - 1]?.charAt(column - 1), start);
		}),
		{ numRuns: 500 },
	);
});

test("idle members are checked, but not kept", () => {
	const isIdle = (name: string) => name === "tags";
	const node = parseJsonText('{"tags":{"a":[1,{"b":null}]},"id":{"tags":1}}', { canSkip: isIdle });
	assert.ok("kind" in node);
	assert.deepEqual(plain(node), { tags: true, id: { tags: 1 } });
	const nothing = parseJsonText('{"tags":null}', { canSkip: isIdle });
	assert.ok("kind" in nothing);
	assert.deepEqual(plain(nothing), { tags: null });
	for (const broken of [
		'{"tags":{"a" 1}}',
		'{"tags":[1 2]}',
		'{"tags":{a:1}}',
		'{"tags":tru}',
		'{"tags":"\\x"}',
	])
		assert.ok(!("kind" in parseJsonText(broken, { canSkip: isIdle })), broken);
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
