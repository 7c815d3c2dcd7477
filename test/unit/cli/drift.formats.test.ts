import assert from "node:assert/strict";
import { test } from "node:test";
import Ajv from "ajv";
import { formatAsJson, formatAsTable } from "../../../provider/cli/drift.formats.ts";
import { DRIFT_HELP } from "../../../provider/cli/drift.options.ts";
import { createReport, createReportedResource, EVERYTHING } from "./driftReports.ts";

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
const RESOURCE = createClosedSchema(
	{
		urn: text,
		type: text,
		name: text,
		id: text,
		label: text,
		status: { enum: ["changed", "deleted", "recreated", "unreadable"] },
		differences: { type: "array", items: DIFFERENCE },
	},
	{ successor: text, message: text },
);

/** Version 1 of the layout. Programs rely on it: members may be added here, none may be removed. */
const SCHEMA = createClosedSchema(
	{
		version: { const: 1 },
		checked: count,
		drifted: count,
		failed: count,
		withheld: count,
		resources: { type: "array", items: RESOURCE },
	},
	{ stack: text },
);

test("the JSON format has the layout of its version and contains the whole report", () => {
	const validate = new Ajv({ allowUnionTypes: true }).compile(SCHEMA);
	for (const report of [EVERYTHING, createReport([])]) {
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
	for (const name of [...names, "stack", "successor", "message", "secret"])
		assert.match(DRIFT_HELP, new RegExp(`^ {4,}(\\w+, )*${name}\\b`, "m"));
});

test("the table has each object's message, and the counts at the end", () => {
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

test("without drift the table has only the counts", () => {
	assert.equal(formatAsTable(createReport([], { checked: 1 })), "None of 1 object drifted.\n");
	assert.equal(
		formatAsTable(createReport([], { checked: 3, withheld: 2 })),
		"None of 3 objects drifted; 2 encrypted fields could not be compared.\n",
	);
});
