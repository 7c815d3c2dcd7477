import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { loadFleetFile } from "../../../provider/files/fleetFile.ts";
import { formatFleetCsv, formatFleetJsonLines } from "../../../provider/files/fleetFile.write.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { writeFleetText } from "./fleetFile.ts";

const KEYS = { primaryKey: `${"A".repeat(43)}=`, secondaryKey: `${"B".repeat(43)}=` };

const PLANT: readonly [string, FleetDevice][] = [
	["gw", { status: "enabled", capabilities: { iotEdge: true } }],
	["a;b,c", { parent: "gw", status: "disabled", statusReason: 'in "repair"' }],
	[
		"__proto__",
		{ authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: "AB".repeat(20) } } },
	],
];

const readBack = (name: string, text: string) => {
	const { devices, diagnostics, passedOver } = loadFleetFile(writeFleetText(name, text));
	assert.deepEqual([diagnostics, passedOver], [[], undefined]);
	return Object.entries(devices);
};

test("a CSV has only the columns that are needed, and is read as the same devices", () => {
	const text = formatFleetCsv(PLANT) ?? "";
	assert.equal(
		text,
		`deviceId,parent,iotEdge,status,statusReason,authenticationType,primaryThumbprint
gw,,true,enabled,,,
"a;b,c",gw,,disabled,"in ""repair""",,
__proto__,,,,,selfSigned,${"AB".repeat(20)}
`,
	);
	assert.deepEqual(readBack("written.csv", text), PLANT);
	assert.equal(formatFleetCsv([["only", {}]]), "deviceId\nonly\n");
});

test("devices with values that CSV cannot represent are written as JSON lines only", () => {
	for (const statusReason of [" spare", "two\nlines", "\t", "1E+5"]) {
		const devices: [string, FleetDevice][] = [["d", { statusReason }]];
		assert.equal(formatFleetCsv(devices), undefined);
		assert.deepEqual(readBack("written.ndjson", formatFleetJsonLines(devices)), devices);
	}
	assert.equal(formatFleetCsv([["1E+5", {}]]), undefined);
	// An empty string declares nothing in a file.
	assert.equal(formatFleetCsv([["d", { statusReason: "" }]]), undefined);
	assert.deepEqual(readBack("written.ndjson", formatFleetJsonLines([["d", { statusReason: "" }]])), [
		["d", {}],
	]);
	assert.deepEqual(readBack("written.ndjson", formatFleetJsonLines(PLANT)), PLANT);
});

/** Characters that a terminal would execute or an editor would not show. */
const ODD = ["\0", "\u0007", "\u001b[2J", "\u007f", "\u009b31m", "\u2028", "\u202e", "\u2066"];

test("terminal control characters are escaped in JSON lines and prevent CSV", () => {
	for (const odd of ODD) {
		const devices: [string, FleetDevice][] = [["d", { statusReason: `in${odd} service` }]];
		assert.equal(formatFleetCsv(devices), undefined, JSON.stringify(odd));
		const lines = formatFleetJsonLines(devices);
		assert.match(lines, /^[ -~]+\n$/);
		assert.deepEqual(readBack("written.ndjson", lines), devices);
	}
});

test("half of a character prevents CSV", () => {
	assert.equal(formatFleetCsv([["d", { statusReason: "in \ud83d service" }]]), undefined);
});

test("a formula of a spreadsheet prevents CSV and is unchanged in JSON lines", () => {
	const reasons = ['=HYPERLINK("http://a.example","press")', "+1", "-1", "@SUM(A1)", "\uFF1D1+1"];
	const fleets: [string, FleetDevice][][] = [
		...reasons.map((statusReason): [string, FleetDevice][] => [["d", { statusReason }]]),
		...["=1", "-1", "@SUM(A1)"].map((id): [string, FleetDevice][] => [[id, {}]]),
	];
	for (const devices of fleets) {
		assert.equal(formatFleetCsv(devices), undefined, JSON.stringify(devices));
		assert.deepEqual(readBack("written.ndjson", formatFleetJsonLines(devices)), devices);
	}
	assert.match(formatFleetCsv([["a=b", { statusReason: "1 + 1 = 2" }]]) ?? "", /^a=b,1 \+ 1 = 2$/m);
});

test("a formula in a file is read as a string, and messages repeat it unchanged", () => {
	const text = 'deviceId,statusReason\n=1,"=HYPERLINK(""http://a.example"")"\n@a,-1\n';
	const expected = [
		["=1", { statusReason: '=HYPERLINK("http://a.example")' }],
		["@a", { statusReason: "-1" }],
	];
	assert.deepEqual(readBack("formulas.csv", text), expected);
});

test("keys are written nowhere", () => {
	const devices: [string, FleetDevice][] = [["d", { authentication: { type: "sas", symmetricKey: KEYS } }]];
	for (const text of [formatFleetCsv(devices), formatFleetJsonLines(devices)]) {
		assert.match(text ?? "", /sas/);
		assert.doesNotMatch(text ?? "", /AAAA|BBBB/);
	}
});

const ID = fc.stringMatching(/^[A-Za-z0-9\-.%_*?!(),:=@$';]{1,20}$/).filter((id) => !/^\.{1,2}$/.test(id));
/** Strings with special and odd characters, except the replacement character, which a reader rejects. */
const REASON = fc.oneof(
	fc.string({ minLength: 1, maxLength: 20 }),
	fc
		.string({
			unit: fc.oneof(
				fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
				fc.constantFrom(...ODD, ..."=+-@,;\"'\t\n "),
			),
			minLength: 1,
			maxLength: 20,
		})
		.filter((text) => text.trim() !== "" && !text.includes("\uFFFD")),
);

test("written devices are read as the same devices", () => {
	const device = fc.record(
		{ status: fc.constant("disabled" as const), statusReason: REASON },
		{ noNullPrototype: true, requiredKeys: [] },
	);
	const fleet = fc.uniqueArray(fc.tuple(ID, device), { minLength: 1, maxLength: 5, selector: ([id]) => id });
	fc.assert(
		fc.property(fleet, (devices) => {
			const csv = formatFleetCsv(devices);
			const byId = new Map<string, FleetDevice>(devices);
			if (csv !== undefined) assert.deepEqual(new Map(readBack("any.csv", csv)), byId);
			assert.deepEqual(new Map(readBack("any.ndjson", formatFleetJsonLines(devices))), byId);
		}),
		{ numRuns: 100 },
	);
});
