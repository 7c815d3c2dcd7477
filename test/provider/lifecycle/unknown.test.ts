import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { hasUnknown, isUnknown } from "../../../provider/lifecycle/unknown.ts";

test("the SDK's own marker is unknown", () => {
	assert.equal(isUnknown(unknownValue), true);
});

test("nothing else is unknown by itself", () => {
	for (const value of ["", "04da6b54", undefined, null, 0, false, {}, [unknownValue]]) {
		assert.equal(isUnknown(value), false);
	}
});

test("an unknown is found at any depth", () => {
	assert.equal(hasUnknown({ a: [{ b: unknownValue }] }), true);
	assert.equal(hasUnknown(unknownValue), true);
	assert.equal(hasUnknown({ a: [{ b: null }], c: "x" }), false);
});
