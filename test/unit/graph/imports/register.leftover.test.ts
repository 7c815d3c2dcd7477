import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { findChangesSinceImport } from "../../../../provider/graph/imports/register.ts";
import { createLiveMachine, createMachineInputs, createRecordJson } from "../machines.ts";

const RECORD = decodeImportRecord(
	createRecordJson({}, { groupTag: "Kiosk", assignedUserPrincipalName: "ada@contoso.com" }),
);

function findChanges(machine: Record<string, unknown>, declared: Parameters<typeof createMachineInputs>[0]) {
	assert.ok(RECORD);
	return findChangesSinceImport(RECORD, createLiveMachine(machine), createMachineInputs(declared));
}

test("values of the import and declared values are not changes", () => {
	const made = { groupTag: "Kiosk", userPrincipalName: "ADA@contoso.com" };
	assert.deepEqual(
		findChanges(made, { groupTag: "Office", assignedUserPrincipalName: "bob@contoso.com" }),
		[],
	);
	assert.deepEqual(findChanges({ ...made, displayName: "FRONT-1" }, { displayName: "FRONT-1" }), []);
	assert.deepEqual(findChanges(made, { displayName: "FRONT-1" }), []);
});

test("other values that would be overwritten are changes", () => {
	const machine = { groupTag: "Lab", displayName: "THEIRS", userPrincipalName: "eve@contoso.com" };
	assert.deepEqual(
		findChanges(machine, {
			groupTag: "Kiosk",
			displayName: "OURS",
			assignedUserPrincipalName: "bob@contoso.com",
		}),
		["groupTag", "assignedUserPrincipalName", "displayName"],
	);
});

test("a missing user is no change, because the service may not show users", () => {
	assert.deepEqual(
		findChanges(
			{ groupTag: "Kiosk", userPrincipalName: "" },
			{ groupTag: "Kiosk", assignedUserPrincipalName: "bob@contoso.com" },
		),
		[],
	);
});

test("undeclared fields are not changes", () => {
	assert.deepEqual(findChanges({ groupTag: "Lab", displayName: "THEIRS" }, {}), []);
});
