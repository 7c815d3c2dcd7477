import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { asFieldValue, listFieldNames, toFieldValues } from "../../../provider/resource/schema.ts";
import { GADGET_FIELDS } from "./gadget.ts";

test("only managed properties have field values, and only if they are declared", () => {
	const values = { name: "a", place: "hall", adopt: true, note: null, mode: undefined, labels: ["x"] };
	assert.deepEqual([...toFieldValues(GADGET_FIELDS, values).values()], [{ path: "labels", value: '["x"]' }]);
});

test("an unknown property has one field value", () => {
	assert.deepEqual(
		[...toFieldValues(GADGET_FIELDS, { lamp: unknownValue }).values()],
		[{ path: "lamp", value: unknownValue }],
	);
});

test("field names are listed by role", () => {
	assert.deepEqual(listFieldNames(GADGET_FIELDS, "requiresReplace"), ["name", "place", "seal"]);
	assert.deepEqual(listFieldNames(GADGET_FIELDS, "providerOption"), ["adopt", "onDrift", "keepPin"]);
});

test("a value that is not a string is compared by its JSON", () => {
	assert.deepEqual(asFieldValue({ a: 1 }, "p"), [{ path: "p", value: '{"a":1}' }]);
});
