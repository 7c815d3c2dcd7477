import assert from "node:assert/strict";
import { test } from "node:test";
import Ajv from "ajv";
import { formatAsJson, formatAsTable } from "../../../provider/cli/drift.formats.ts";
import { DRIFT_HELP } from "../../../provider/cli/drift.options.ts";
import { createReport, createReportedResource, EVERYTHING, FLEET, KIOSKS } from "./driftReports.ts";

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const value = { type: ["string", "null"] };

const createClosedSchema = (required: object, optional: object = {}): object => ({
	type: "object",
	properties: { ...required, ...optional },
	required: Object.keys(required),
	additionalProperties: false,
});

const DIFFERENCE = createClosedSchema(
	{ path: text, last: value, live: value, declared: value },
	{ secret: { const: true } },
);
const COUNTS = createClosedSchema({
	checked: count,
	changed: count,
	deleted: count,
	recreated: count,
	unreadable: count,
});
const OBJECT = {
	name: text,
	label: text,
	status: { enum: ["changed", "deleted", "recreated", "unreadable"] },
	severity: { enum: ["error", "warning"] },
	differences: { type: "array", items: DIFFERENCE },
};
const OPTIONAL = { successor: text, message: text };
const RESOURCE = createClosedSchema(
	{ urn: text, type: text, id: text, ...OBJECT },
	{
		...OPTIONAL,
		hubHostName: text,
		counts: COUNTS,
		members: { type: "array", minItems: 1, items: createClosedSchema(OBJECT, OPTIONAL) },
	},
);

/** Version 1 of the layout. Programs rely on it: members may be added here, none may be removed. */
const SCHEMA = createClosedSchema(
	{
		version: { const: 1 },
		checked: count,
		drifted: count,
		failed: count,
		withheld: count,
		devices: COUNTS,
		machines: COUNTS,
		resources: { type: "array", items: RESOURCE },
	},
	{ stack: text },
);

test("the JSON format has the layout of its version and contains the whole report", () => {
	const validate = new Ajv({ allowUnionTypes: true }).compile(SCHEMA);
	for (const report of [EVERYTHING, createReport([FLEET, KIOSKS]), createReport([])]) {
		const json: unknown = JSON.parse(formatAsJson(report));
		assert.ok(validate(json), JSON.stringify(validate.errors));
		assert.deepEqual(json, report);
	}
});

test("control characters in a value are escaped, and parsing restores them", () => {
	const live = "\u009b2J\u001b[2J\u202e\n";
	const report = createReport([
		createReportedResource("pump", { differences: [{ path: "tag", last: null, live, declared: null }] }),
	]);
	const json = formatAsJson(report);
	assert.deepEqual(JSON.parse(json), report);
	assert.doesNotMatch(json, /(?![\n\t])\p{Cc}|\u202e/u);
});

test("the help describes every member of the layout", () => {
	const names = new Set(
		[...JSON.stringify(SCHEMA).matchAll(/"required":\[([^\]]*)\]/g)].flatMap(([, list]) =>
			(list ?? "").replaceAll('"', "").split(","),
		),
	);
	assert.ok(names.size > 15);
	for (const name of [
		...names,
		"stack",
		"successor",
		"message",
		"secret",
		"hubHostName",
		"counts",
		"members",
	])
		assert.match(DRIFT_HELP, new RegExp(`^ {4,}(\\w+, )*${name}\\b`, "m"));
});

test("the table has each object's message, and the counts at the end", () => {
	assert.equal(
		formatAsTable(EVERYTHING),
		`warning: DeviceIdentity pump was changed outside Pulumi since the last deployment:
    status: "enabled" at the last deployment, "disabled" now, "enabled" declared

warning: DeviceIdentity keys was changed outside Pulumi since the last deployment:
    status: "enabled" at the last deployment, "disabled" now, "enabled" declared

error: DeviceIdentity gone was deleted outside Pulumi since the last deployment

error: DeviceIdentity again was deleted and created again outside Pulumi since the last deployment; its keys are new

warning: DeviceIdentity dark could not be read: reading failed: 403 Forbidden

4 of 40 devices drifted: 2 changed, 1 deleted, 1 deleted and created again; 1 could not be read; 1 encrypted field could not be compared.
`,
	);
});

test("the table lists every member of a fleet under a heading with the fleet, its hub and its counts", () => {
	assert.equal(
		formatAsTable(createReport([FLEET, createReportedResource("pump"), KIOSKS])),
		`DeviceFleet plant on my-hub.azure-devices.net: 4 of 2,040 devices drifted: 2 changed, 1 deleted, 1 deleted and created again
    error: Device gw was deleted outside Pulumi since the last deployment
    error: Device tank was recreated outside Pulumi since the last deployment
    warning: Device dev-9 was changed outside Pulumi since the last deployment:
        status: "enabled" at …
    warning: Device dev-10 was changed outside Pulumi since the last deployment:
        status: "enabled" at …

warning: DeviceIdentity pump was changed outside Pulumi since the last deployment:
    status: "enabled" at the last deployment, "disabled" now, "enabled" declared

AutopilotFleet kiosks: 1 of 3 machines drifted: 1 changed; 1 could not be read
    warning: Machine 5CG-1 (a1) was changed outside Pulumi since the last deployment:
        groupTag: "Kiosk" at the last deployment, "Office" now, "Kiosk" declared
    warning: 5CG-2 could not be read: 403 Forbidden

5 of 2,041 devices drifted: 3 changed, 1 deleted, 1 deleted and created again; 1 of 3 machines drifted: 1 changed; 1 could not be read.
`,
	);
});

test("without drift the table has only the counts", () => {
	assert.equal(formatAsTable(createReport([], { checked: 1 })), "None of 1 device drifted.\n");
	assert.equal(
		formatAsTable(createReport([], { checked: 3, withheld: 2 })),
		"None of 3 devices drifted; 2 encrypted fields could not be compared.\n",
	);
	assert.equal(formatAsTable(createReport([])), "The stack has no devices and no machines.\n");
});
