import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sortNaturally } from "../../../provider/text/naturalOrder.ts";

test("sorts numbers by value, at any position in a name", () => {
	assert.deepEqual(sortNaturally(["dev-10", "dev-9", "dev-8", "dev", "a2b10", "a2b9", "a10b1"]), [
		"a2b9",
		"a2b10",
		"a10b1",
		"dev",
		"dev-8",
		"dev-9",
		"dev-10",
	]);
	assert.deepEqual(sortNaturally(["10", "9", "b", "2"]), ["2", "9", "10", "b"]);
});

test("sorts names that differ only in leading zeros, and numbers of any length", () => {
	assert.deepEqual(sortNaturally(["d1", "d01", "d001", "d2"]), ["d001", "d01", "d1", "d2"]);
	const long = ["9".repeat(300), `1${"0".repeat(300)}`];
	assert.deepEqual(sortNaturally([...long].reverse()), long);
});

test("returns the same order for any order of the same names", () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.stringMatching(/^[a-c]?[0-9]{0,3}-?[0-9]{0,2}$/)), (names) => {
			assert.deepEqual(sortNaturally([...names].reverse()), sortNaturally(names));
			assert.deepEqual([...sortNaturally(names)].sort(), [...names].sort());
		}),
	);
});
