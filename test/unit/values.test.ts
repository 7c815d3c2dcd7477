import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import { hasUnknown, isUnknown, omitNullish } from "../../provider/values.ts";

const isBare = (value: unknown): boolean =>
	typeof value !== "object" || value === null
		? value !== undefined
		: Object.values(value).every(
				(inner) => inner !== undefined && (Array.isArray(value) || inner !== null),
			) && Object.values(value).every(isBare);

test("members that are undefined or null are omitted, at any depth", () => {
	assert.deepEqual(
		omitNullish({ a: 1, b: undefined, c: null, d: { e: null, f: "x", g: [{ h: undefined, i: 2 }] } }),
		{
			a: 1,
			d: { f: "x", g: [{ i: 2 }] },
		},
	);
});

test("the copy shares nothing with a frozen original", () => {
	const frozen = Object.freeze({ a: Object.freeze({ b: Object.freeze([Object.freeze({ c: 1 })]) }) });
	const copy = omitNullish(frozen);
	assert.deepEqual(copy, frozen);
	assert.notEqual(copy["a"], frozen.a);
	assert.equal(Object.isFrozen(copy), false);
	assert.equal(Object.isFrozen(copy["a"]), false);
});

test("no copy contains a value that Pulumi's protocol rejects", () => {
	const values = fc.letrec((tie) => ({
		value: fc.oneof(
			{ depthSize: "small" },
			fc.constantFrom(undefined, null, "", "x", 0, true),
			fc.dictionary(fc.string(), tie("value")),
		),
	}));
	fc.assert(
		fc.property(fc.dictionary(fc.string(), values.value), (given) => assert.ok(isBare(omitNullish(given)))),
	);
});

test("a member called __proto__ stays a member", () => {
	const copy = omitNullish(JSON.parse('{"a":{"__proto__":{"x":1}}}'));
	assert.equal(JSON.stringify(copy), '{"a":{"__proto__":{"x":1}}}');
});

test("the SDK's own marker is unknown", () => {
	assert.equal(isUnknown(unknownValue), true);
});

test("no other value is unknown", () => {
	for (const value of ["", "04da6b54", undefined, null, 0, false, {}, [unknownValue]]) {
		assert.equal(isUnknown(value), false);
	}
});

test("an unknown is found at any depth", () => {
	assert.equal(hasUnknown({ a: [{ b: unknownValue }] }), true);
	assert.equal(hasUnknown(unknownValue), true);
	assert.equal(hasUnknown({ a: [{ b: null }], c: "x" }), false);
});
