import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesAll } from "../../../provider/resource/drift.ts";
import {
	DECLARED_OUTPUT,
	encodeManagedFields,
	getLastApplied,
	listDeclaredPaths,
	refreshManagedFields,
} from "../../../provider/resource/managedFields.ts";
import { toFieldValues } from "../../../provider/resource/schema.ts";
import { declarations, GADGET_FIELDS } from "./gadget.ts";

/** What state keeps of values that were declared: no secrets. */
function kept(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const { lock, ...rest } = values;
	const { pin: _, ...shown } = (lock ?? {}) as { pin?: string };
	return { ...rest, lock: shown, [DECLARED_OUTPUT]: encodeManagedFields(GADGET_FIELDS, values) };
}

test("what is written down reads back as what was declared, with the values that the object had", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			assert.deepEqual(getLastApplied(GADGET_FIELDS, kept(values)), toFieldValues(GADGET_FIELDS, values));
		}),
	);
});

test("a refresh of an unchanged object writes the same", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			const outputs = kept(values);
			assert.equal(refreshManagedFields(GADGET_FIELDS, outputs, values), outputs[DECLARED_OUTPUT]);
		}),
	);
});

test("after a refresh the same paths are declared, and the secrets are the live ones", () => {
	fc.assert(
		fc.property(declarations, declarations, (values, live) => {
			const outputs = kept(values);
			const renewed = {
				...kept(live),
				[DECLARED_OUTPUT]: refreshManagedFields(GADGET_FIELDS, outputs, live),
			};
			assert.deepEqual(listDeclaredPaths(renewed), listDeclaredPaths(outputs));
			assert.ok(matchesAll(getLastApplied(GADGET_FIELDS, renewed), toFieldValues(GADGET_FIELDS, live)));
		}),
	);
});

test("a secret is written down by its fingerprint, and nothing else by its value", () => {
	const record = encodeManagedFields(GADGET_FIELDS, { note: "visible", lock: { pin: "1234", owner: "me" } });
	assert.equal(record, "note lock.pin=4321 lock.owner");
});

test("outputs without a record declare nothing", () => {
	for (const outputs of [{}, { [DECLARED_OUTPUT]: "" }, { [DECLARED_OUTPUT]: 5 }]) {
		assert.equal(getLastApplied(GADGET_FIELDS, outputs).size, 0);
		assert.equal(listDeclaredPaths(outputs).size, 0);
		assert.equal(refreshManagedFields(GADGET_FIELDS, outputs, { note: "x" }), "");
	}
});
