import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAsTable } from "../../../provider/cli/format.table.ts";
import { EVERYTHING, createReport } from "./reports.ts";

test("every object is told as Pulumi tells it, and the counts come last", () => {
	assert.equal(
		formatAsTable(EVERYTHING),
		`DeviceIdentity pump was changed outside Pulumi since the last deployment:
    status: "enabled" at the last deployment, "disabled" now, "enabled" declared

DeviceIdentity keys was changed outside Pulumi since the last deployment:
    status: "enabled" at the last deployment, "disabled" now, "enabled" declared

DeviceIdentity gone was deleted outside Pulumi since the last deployment

DeviceIdentity again was deleted and created again outside Pulumi since the last deployment; its keys are new

DeviceIdentity dark could not be read: reading failed: 403 Forbidden

4 of 40 objects drifted: 2 changed, 1 deleted, 1 deleted and created again; 1 could not be read; 1 encrypted field could not be compared.
`,
	);
});

test("without drift the counts are all", () => {
	assert.equal(formatAsTable(createReport([], { checked: 1 })), "None of 1 object drifted.\n");
	assert.equal(
		formatAsTable(createReport([], { checked: 3, withheld: 2 })),
		"None of 3 objects drifted; 2 encrypted fields could not be compared.\n",
	);
});
