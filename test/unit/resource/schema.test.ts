import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { asFieldValue, listFieldNames, toFieldValues } from "../../../provider/resource/schema.ts";
import { GADGET_FIELDS } from "./gadget.ts";

test("only managed properties have facets, and only where they are declared", () => {
	const values = { name: "a", place: "hall", adopt: true, note: null, mode: undefined, labels: ["x"] };
	assert.deepEqual([...toFieldValues(GADGET_FIELDS, values).values()], [{ path: "labels", value: '["x"]' }]);
});

test("a property that is unknown as a whole is one facet", () => {
	assert.deepEqual(
		[...toFieldValues(GADGET_FIELDS, { lamp: unknownValue }).values()],
		[{ path: "lamp", value: unknownValue }],
	);
});

test("names are told apart by their role", () => {
	assert.deepEqual(listFieldNames(GADGET_FIELDS, "requiresReplace"), ["name", "place", "seal"]);
	assert.deepEqual(listFieldNames(GADGET_FIELDS, "providerOption"), ["adopt", "onDrift", "keepPin"]);
});

test("a value that is no text is compared by its JSON", () => {
	assert.deepEqual(asFieldValue({ a: 1 }, "p"), [{ path: "p", value: '{"a":1}' }]);
});
