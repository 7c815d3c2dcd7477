import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeManagedFields, listDeclaredPaths } from "../../../provider/resource/managedFields.ts";
import { DECLARED_OUTPUT } from "../../../provider/stateKeys.ts";
import { GADGET_FIELDS } from "./gadget.ts";

test("a secret is encoded by its fingerprint, and nothing else by its value", () => {
	const record = encodeManagedFields(GADGET_FIELDS, { note: "visible", lock: { pin: "1234", owner: "me" } });
	assert.equal(record, "note lock.pin=4321 lock.owner");
});

test("outputs without managed fields declare no path", () => {
	for (const outputs of [{}, { [DECLARED_OUTPUT]: "" }, { [DECLARED_OUTPUT]: 5 }])
		assert.equal(listDeclaredPaths(outputs).size, 0);
});
