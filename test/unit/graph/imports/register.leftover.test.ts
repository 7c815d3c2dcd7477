import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { findChangesSinceImport } from "../../../../provider/graph/imports/register.ts";
import { createLiveMachine, createMachineInputs, createRecordJson } from "../machines.ts";

const RECORD = decodeImportRecord(
	createRecordJson({}, { groupTag: "Kiosk", assignedUserPrincipalName: "ada@contoso.com" }),
);

function changes(machine: Record<string, unknown>, declared: Parameters<typeof createMachineInputs>[0]) {
	assert.ok(RECORD);
	return findChangesSinceImport(RECORD, createLiveMachine(machine), createMachineInputs(declared));
}

test("what an import made, and what is as declared, was changed by nobody", () => {
	const made = { groupTag: "Kiosk", userPrincipalName: "ADA@contoso.com" };
	assert.deepEqual(changes(made, { groupTag: "Office", assignedUserPrincipalName: "bob@contoso.com" }), []);
	assert.deepEqual(changes({ ...made, displayName: "FRONT-1" }, { displayName: "FRONT-1" }), []);
	assert.deepEqual(changes(made, { displayName: "FRONT-1" }), []);
});

test("what is neither, and would be overwritten, was changed by somebody", () => {
	const machine = { groupTag: "Lab", displayName: "THEIRS", userPrincipalName: "" };
	assert.deepEqual(
		changes(machine, {
			groupTag: "Kiosk",
			displayName: "OURS",
			assignedUserPrincipalName: "ada@contoso.com",
		}),
		["groupTag", "assignedUserPrincipalName", "displayName"],
	);
});

test("what nobody declares is left as it is, whoever changed it", () => {
	assert.deepEqual(changes({ groupTag: "Lab", displayName: "THEIRS" }, {}), []);
});
