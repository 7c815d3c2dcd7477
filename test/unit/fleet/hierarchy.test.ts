import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findCycle, findOtherAncestors, groupByLevel } from "../../../provider/fleet/hierarchy.ts";

/** Random parents by child, cycles included. */
const trees = fc.dictionary(fc.constantFrom(..."abcdefgh"), fc.constantFrom(..."abcdefghxyz", undefined), {
	noNullPrototype: true,
});

describe("groupByLevel", () => {
	test("puts parents before their children, and every member in one level", () => {
		fc.assert(
			fc.property(trees, (parents) => {
				const ids = Object.keys(parents);
				fc.pre(findCycle(ids, (id) => parents[id]).length === 0);
				const levels = groupByLevel(ids, (id) => parents[id]);
				assert.deepEqual(levels.flat().sort(), [...ids].sort());
				for (const [depth, level] of levels.entries()) {
					for (const id of level) {
						const at = levels.findIndex((above) => above.includes(parents[id] ?? ""));
						assert.equal(at, depth - 1, `${id} below ${parents[id]}`);
					}
				}
			}),
		);
	});

	test("does not overflow the stack for a long chain of gateways", () => {
		const ids = Array.from({ length: 50_000 }, (_, index) => String(index));
		const levels = groupByLevel(ids.toReversed(), (id) => (id === "0" ? undefined : String(Number(id) - 1)));
		assert.equal(levels.length, 50_000);
	});
});

test("findCycle returns the whole cycle in its order, and nothing if there is none", () => {
	const parents: Record<string, string> = { a: "b", b: "c", c: "b", d: "a", e: "gone" };
	assert.deepEqual(
		findCycle(Object.keys(parents), (id) => parents[id]),
		["b", "c"],
	);
	assert.deepEqual(
		findCycle(["x"], () => "x"),
		["x"],
	);
	assert.deepEqual(
		findCycle(["d", "e"], (id) => (id === "d" ? "e" : undefined)),
		[],
	);
});

test("findOtherAncestors returns each declared ancestor once, and none beyond one that is not declared", () => {
	const parents: Record<string, string> = { a: "b", b: "c", c: "gone", gone: "d", e: "b", f: "a" };
	const declared = new Map([..."abcdef"].map((name) => [name, {}]));
	assert.deepEqual(
		findOtherAncestors(["f", "a", "e"], declared, (name) => parents[name]),
		["b", "c"],
	);
});
