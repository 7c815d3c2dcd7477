import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Ajv from "ajv";
import type { DriftReport } from "../../../provider/cli/drift.report.ts";
import { formatAsSarif } from "../../../provider/cli/drift.sarif.ts";
import {
	createReport,
	createReportedFleet,
	createReportedMember,
	createReportedResource,
	EVERYTHING,
	FLEET,
	KIOSKS,
} from "./driftReports.ts";

interface Result {
	readonly ruleId: string;
	readonly ruleIndex: number;
	readonly level: string;
	readonly message: { readonly text: string };
	readonly locations: readonly {
		readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
		readonly logicalLocations: readonly { readonly name: string; readonly fullyQualifiedName: string }[];
	}[];
	readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Run {
	readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
	readonly automationDetails: { readonly id: string };
	readonly invocations: readonly {
		readonly executionSuccessful: boolean;
		readonly toolExecutionNotifications?: readonly { readonly message: { readonly text: string } }[];
	}[];
	readonly results: readonly Result[];
}

const text = { type: "string", minLength: 1 };
const message = { type: "object", required: ["text"], properties: { text } };
const all = (properties: object): object => ({
	type: "object",
	properties,
	required: Object.keys(properties),
});
const list = (items: object): object => ({ type: "array", minItems: 1, items });

/** The members that SARIF 2.1.0 and code scanning require of such a log. */
const REQUIREMENTS = all({
	$schema: { type: "string", format: "uri" },
	version: { const: "2.1.0" },
	runs: list(
		all({
			tool: all({
				driver: all({
					name: text,
					semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
					rules: list(
						all({
							id: text,
							name: text,
							shortDescription: message,
							fullDescription: message,
							help: message,
							defaultConfiguration: all({ level: { enum: ["note", "warning", "error"] } }),
						}),
					),
				}),
			}),
			automationDetails: all({ id: { type: "string", pattern: "/$" } }),
			results: {
				type: "array",
				items: all({
					ruleId: text,
					ruleIndex: { type: "integer", minimum: 0 },
					level: { enum: ["note", "warning", "error"] },
					message,
					locations: list(
						all({
							physicalLocation: all({
								artifactLocation: all({ uri: { type: "string", format: "uri-reference" } }),
								region: all({ startLine: { type: "integer", minimum: 1 } }),
							}),
							logicalLocations: list(all({ fullyQualifiedName: text, name: text, kind: text })),
						}),
					),
					partialFingerprints: all({ primaryLocationLineHash: text }),
				}),
			},
		}),
	),
});

function createRun(report: DriftReport, source = "Pulumi.yaml"): Run {
	const { runs }: { runs: [Run] } = JSON.parse(formatAsSarif(report, { sourceFile: source }));
	return runs[0];
}

test("the log has every member that SARIF and code scanning require", () => {
	const formats = { uri: /^https:/, "uri-reference": /^[\w%./~:-]+$/ };
	const validate = new Ajv({ formats }).compile(REQUIREMENTS);
	for (const report of [EVERYTHING, createReport([FLEET, KIOSKS]), createReport([])]) {
		const log: unknown = JSON.parse(formatAsSarif(report, { sourceFile: "Pulumi.yaml" }));
		assert.ok(validate(log), JSON.stringify(validate.errors));
	}
});

test("every result refers to its rule and its URN", () => {
	const { tool, results } = createRun(EVERYTHING);
	assert.deepEqual(
		results.map(({ ruleId, level }) => [ruleId, level]),
		[
			["drift/changed", "warning"],
			["drift/changed", "warning"],
			["drift/deleted", "error"],
			["drift/recreated", "error"],
			["drift/unreadable", "warning"],
		],
	);
	for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
	for (const [index, result] of results.entries())
		assert.ok(JSON.stringify(result.locations).includes(EVERYTHING.resources[index]?.urn ?? "?"));
	assert.equal(
		results[4]?.message.text,
		"DeviceIdentity dark could not be read: reading failed: 403 Forbidden",
	);
});

test("every member of a fleet has a result of its own, with its rule and its level", () => {
	const { tool, results } = createRun(createReport([FLEET, createReportedResource("pump"), KIOSKS]));
	assert.deepEqual(
		results.map(({ ruleId, level, locations }) => [locations[0]?.logicalLocations[0]?.name, ruleId, level]),
		[
			["plant/gw", "drift/deleted", "error"],
			["plant/tank", "drift/recreated", "error"],
			["plant/dev-9", "drift/changed", "warning"],
			["plant/dev-10", "drift/changed", "warning"],
			["pump", "drift/changed", "warning"],
			["kiosks/5CG-1", "drift/changed", "warning"],
			["kiosks/5CG-2", "drift/unreadable", "warning"],
		],
	);
	for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
	const [gw] = results;
	assert.equal(gw?.locations[0]?.logicalLocations[0]?.fullyQualifiedName, `${FLEET.urn}/gw`);
	assert.equal(gw?.message.text, "Device gw was deleted outside Pulumi since the last deployment");
	const fingerprints = results.map(
		({ partialFingerprints }) => partialFingerprints["primaryLocationLineHash"],
	);
	assert.equal(new Set(fingerprints).size, results.length);
});

test("a log has no more results than code scanning accepts, and says how many it left out", () => {
	const members = Array.from({ length: 25_003 }, (_, index) => createReportedMember(`d-${index}`));
	const { results, invocations } = createRun(createReport([createReportedFleet("plant", members)]));
	assert.equal(results.length, 25_000);
	assert.match(
		invocations[0]?.toolExecutionNotifications?.[0]?.message.text ?? "",
		/^3 more results did not fit into this log\. Use --format json /,
	);
});

test("a run that could not read every object is marked as unsuccessful", () => {
	assert.equal(createRun(EVERYTHING).invocations[0]?.executionSuccessful, false);
	assert.equal(
		createRun(createReport([createReportedResource("a")])).invocations[0]?.executionSuccessful,
		true,
	);
});

describe("alerts", () => {
	const listFingerprints = (report: DriftReport): readonly string[] =>
		createRun(report).results.map(
			({ partialFingerprints }) => partialFingerprints["primaryLocationLineHash"] ?? "",
		);

	test("have the same fingerprint in every run, whatever the values and the other objects are", () => {
		const [alone] = listFingerprints(createReport([createReportedResource("a")]));
		const others = [
			createReportedResource("b"),
			createReportedResource("a", { message: "else", differences: [] }),
		];
		const [, among] = listFingerprints(createReport(others));
		assert.equal(among, alone);
	});

	test("are distinguished by object and status, although all are on the same line", () => {
		const all = listFingerprints(
			createReport([
				createReportedResource("a"),
				createReportedResource("b"),
				createReportedResource("a", { status: "deleted" }),
			]),
		);
		assert.equal(new Set(all).size, 3);
	});

	test("of different stacks are separate", () => {
		const { id } = createRun(createReport([], { stack: "a" })).automationDetails;
		assert.notEqual(createRun(createReport([], { stack: "b" })).automationDetails.id, id);
	});
});

test("results are assigned to the given file, written as a URI", () => {
	const uri = (source: string) =>
		createRun(createReport([createReportedResource("a")]), source).results[0]?.locations[0]?.physicalLocation
			.artifactLocation.uri;
	assert.equal(uri("Pulumi.yaml"), "Pulumi.yaml");
	assert.equal(uri("my infra/ünd?.ts"), "my%20infra/%C3%BCnd%3F.ts");
	assert.match(uri("/srv/infra/a b.ts") ?? "", /^file:\/\/\/.*srv\/infra\/a%20b\.ts$/);
});

test("a message has neither placeholders nor links, whatever text a field holds", () => {
	const { results } = createRun(
		createReport([createReportedResource("a", { message: "{0} [here](https://a.example) [x] \\" })]),
	);
	assert.equal(results[0]?.message.text, "{{0}} \\[here](https://a.example) [x] \\");
});
