import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	containsNames,
	decodePropertyPaths,
	encodePropertyPaths,
	isInsideNames,
	parsePropertyPath,
} from "../../../provider/text/propertyPaths.ts";
import { parsePath } from "../../engine/standIn/values/path.ts";

describe("a path", () => {
	// pulumi/pulumi sdk/go/common/resource/properties_path_test.go
	const PATHS: readonly (readonly [string, readonly (string | number)[]])[] = [
		["root", ["root"]],
		["root.nested", ["root", "nested"]],
		['root["nested"]', ["root", "nested"]],
		['root["double"]["nest"]', ["root", "double", "nest"]],
		["root.array[0][1].nested", ["root", "array", 0, 1, "nested"]],
		['root["key with \\"escaped\\" quotes"]', ["root", 'key with "escaped" quotes']],
		['root["key with a ."]', ["root", "key with a ."]],
		['["root key with a ."][100]', ["root key with a .", 100]],
		["root.array[*].field", ["root", "array", "*", "field"]],
		['root.array["*"].field', ["root", "array", "*", "field"]],
		["foo-bar.[0]", ["foo-bar", 0]],
		["*", ["*"]],
		["[*]", ["*"]],
	];
	for (const [text, path] of PATHS)
		test(`${text} is parsed as by the engine`, () => {
			assert.deepEqual(parsePropertyPath(text), path);
			assert.deepEqual(parsePath(text), path);
		});

	for (const text of ["", ".a", "a.", 'a["b"', 'a["b', "a[x]", "a[", "a[1.5]"])
		test(`${JSON.stringify(text)} is none`, () => assert.equal(parsePropertyPath(text), undefined));

	test("contains what it names and what is below, with * for any name", () => {
		const contains = (text: string, names: string) =>
			containsNames(parsePropertyPath(text) ?? [], names.split("."));
		assert.ok(
			contains("a", "a.b") && contains("*", "a.b") && contains("*.b", "a.b") && contains("a.b", "a.b"),
		);
		assert.ok(!contains("a.b", "a") && !contains("b", "a.b") && !contains("a.b.c", "a.b"));
		assert.ok(isInsideNames(["a", 0], ["a"]));
		assert.ok(!isInsideNames(["a"], ["a"]) && !isInsideNames(["*", "b"], ["a"]));
	});
});

test("encoded paths are canonical and can be decoded", () => {
	const text = encodePropertyPaths([["b", 0], ["a"], ["b", 0]]);
	assert.equal(text, '[["a"],["b",0]]');
	assert.deepEqual(decodePropertyPaths(text), [["a"], ["b", 0]]);
	assert.deepEqual([undefined, 1, '{"a":1}', '[1,["a"]]'].map(decodePropertyPaths), [[], [], [], [["a"]]]);
});
