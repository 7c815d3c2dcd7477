import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { holds } from "../../../provider/lifecycle/drift.ts";
import { facetsOf } from "../../../provider/lifecycle/facets.ts";
import {
	DECLARED,
	declaredPaths,
	lastDeclared,
	recordDeclared,
	renewDeclared,
} from "../../../provider/lifecycle/record.ts";
import { GADGET_FIELDS } from "./gadget.ts";
import { declarations } from "./gadgetValues.ts";

/** What state keeps of values that were declared: no secrets. */
function kept(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const { lock, ...rest } = values;
	const { pin: _, ...shown } = (lock ?? {}) as { pin?: string };
	return { ...rest, lock: shown, [DECLARED]: recordDeclared(GADGET_FIELDS, values) };
}

test("what is written down reads back as what was declared, with the values that the object had", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			assert.deepEqual(lastDeclared(GADGET_FIELDS, kept(values)), facetsOf(GADGET_FIELDS, values));
		}),
	);
});

test("a refresh of an unchanged object writes the same", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			const outputs = kept(values);
			assert.equal(renewDeclared(GADGET_FIELDS, outputs, values), outputs[DECLARED]);
		}),
	);
});

test("after a refresh the same paths are declared, and the secrets are the live ones", () => {
	fc.assert(
		fc.property(declarations, declarations, (values, live) => {
			const outputs = kept(values);
			const renewed = { ...kept(live), [DECLARED]: renewDeclared(GADGET_FIELDS, outputs, live) };
			assert.deepEqual(declaredPaths(renewed), declaredPaths(outputs));
			assert.ok(holds(lastDeclared(GADGET_FIELDS, renewed), facetsOf(GADGET_FIELDS, live)));
		}),
	);
});

test("a secret is written down by its fingerprint, and nothing else by its value", () => {
	const record = recordDeclared(GADGET_FIELDS, { note: "visible", lock: { pin: "1234", owner: "me" } });
	assert.equal(record, "note lock.pin=4321 lock.owner");
});

test("outputs without a record declare nothing", () => {
	for (const outputs of [{}, { [DECLARED]: "" }, { [DECLARED]: 5 }]) {
		assert.equal(lastDeclared(GADGET_FIELDS, outputs).size, 0);
		assert.equal(declaredPaths(outputs).size, 0);
		assert.equal(renewDeclared(GADGET_FIELDS, outputs, { note: "x" }), "");
	}
});
