import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatAsMarkdown } from "../../../provider/cli/drift.markdown.ts";
import {
	createReport,
	createReportedFleet,
	createReportedMember,
	createReportedResource,
	EVERYTHING,
	FLEET,
	KIOSKS,
} from "./driftReports.ts";

test("the heading has the counts, and each object has a table, or a sentence if no field differs", () => {
	const lines = formatAsMarkdown(EVERYTHING).split("\n");
	assert.deepEqual(lines.slice(0, 8), [
		"## Drift of <code>dev</code>: 4 of 40 devices drifted: 2 changed, 1 deleted, 1 deleted and created again; 1 could not be read; 1 encrypted field could not be compared",
		"",
		"### <code>DeviceIdentity pump</code> was changed (warning)",
		"",
		"| field | last deployment | now | declared |",
		"|---|---|---|---|",
		"| <code>status</code> | <code>&#34;enabled&#34;</code> | <code>&#34;disabled&#34;</code> | <code>&#34;enabled&#34;</code> |",
		"",
	]);
	assert.ok(
		lines.includes("| <code>lock.pin</code> | <code>key aa11</code> | <code>key bb22</code> | none |"),
	);
	assert.ok(
		lines.includes("<code>DeviceIdentity gone was deleted outside Pulumi since the last deployment</code>"),
	);
	assert.ok(lines.includes("### <code>DeviceIdentity dark</code> could not be read (warning)"));
	assert.ok(lines.includes("<code>reading failed&#58; 403 Forbidden</code>"));
});

test("a fleet has one table with a row for each device, its drift and its severity, under its name and its hub", () => {
	const columns = "field | last deployment | now | declared |";
	const values =
		"<code>&#34;enabled&#34;</code> | <code>&#34;disabled&#34;</code> | <code>&#34;enabled&#34;</code>";
	const deletion = "was deleted outside Pulumi since the last deployment";
	assert.deepEqual(formatAsMarkdown(createReport([FLEET, KIOSKS], { stack: "dev" })).split("\n"), [
		"## Drift of <code>dev</code>: 4 of 2,040 devices drifted: 2 changed, 1 deleted, 1 deleted and created again; 1 of 3 machines drifted: 1 changed; 1 could not be read",
		"",
		"### <code>DeviceFleet plant</code> on <code>my-hub.azure-devices.net</code>: 4 of 2,040 devices drifted: 2 changed, 1 deleted, 1 deleted and created again",
		"",
		`| device | drift | severity | ${columns}`,
		"|---|---|---|---|---|---|---|",
		`| <code>gw</code> | deleted | error | <code>Device gw ${deletion}</code> | | | |`,
		`| <code>tank</code> | deleted and created again | error | <code>Device tank ${deletion.replace("deleted", "recreated")}</code> | | | |`,
		`| <code>dev-9</code> | changed | warning | <code>status</code> | ${values} |`,
		`| <code>dev-10</code> | changed | warning | <code>status</code> | ${values} |`,
		"",
		"### <code>AutopilotFleet kiosks</code>: 1 of 3 machines drifted: 1 changed; 1 could not be read",
		"",
		`| machine | drift | severity | ${columns}`,
		"|---|---|---|---|---|---|---|",
		"| <code>5CG-1</code> | changed | warning | <code>groupTag</code> | <code>&#34;Kiosk&#34;</code> | <code>&#34;Office&#34;</code> | <code>&#34;Kiosk&#34;</code> |",
		"| <code>5CG-2</code> | could not be read | warning | <code>403 Forbidden</code> | | | |",
		"",
	]);
});

test("without drift there is only the heading", () => {
	assert.equal(formatAsMarkdown(createReport([], { checked: 3 })), "## Drift: none of 3 devices drifted\n");
});

describe("text from a field", () => {
	const nasty =
		"a|b `c` <img src=x onerror=alert(1)>\n\n# d\r\n@team [e](https://f.example) *g* _h_ \\| &lt; ~~i~~ $j$";

	test("is never markup: neither in a table, nor in a name, nor in a message", () => {
		const text = formatAsMarkdown(
			createReport([
				createReportedResource("x", {
					label: nasty,
					differences: [{ path: nasty, last: nasty, live: nasty, declared: nasty }],
				}),
				createReportedResource("y", { status: "unreadable", differences: [], message: nasty }),
				createReportedFleet(nasty, [createReportedMember(nasty, { status: "deleted", message: nasty })]),
			]),
		);
		const [, ...codes] = text.split("<code>").map((part) => part.split("</code>")[0] ?? "");
		assert.equal(codes.length, 11);
		for (const code of codes) assert.match(code, /^(?:[\p{L}\p{N} .,;=+\-…]|&#\d+;)*$/u);
		const outside = text.replaceAll(/<code>.*?<\/code>/g, "");
		assert.doesNotMatch(outside, /[`<@*_]|team|f\.example/);
	});

	test("is unchanged once the character references are resolved", () => {
		const [row] = formatAsMarkdown(
			createReport([
				createReportedResource("x", {
					differences: [{ path: "p", last: nasty, live: null, declared: null }],
				}),
			]),
		).match(/^\| <code>p.*$/m) ?? [""];
		const resolved = row.replaceAll(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
		assert.equal(resolved, `| <code>p</code> | <code>${JSON.stringify(nasty)}</code> | none | none |`);
	});

	test("is cut if it is long", () => {
		const text = formatAsMarkdown(
			createReport([
				createReportedResource("x", {
					differences: [{ path: "p", last: "y".repeat(5_000), live: null, declared: null }],
				}),
			]),
		);
		assert.ok(text.length < 1_000);
		assert.match(text, /y…<\/code>/);
	});
});

describe("the length of a comment is limited", () => {
	test("so objects that do not fit are counted", () => {
		const many = Array.from({ length: 2_000 }, (_, index) => createReportedResource(`device-${index}`));
		const text = formatAsMarkdown(createReport(many));
		assert.ok(text.length <= 60_000, `${text.length}`);
		assert.ok(text.length > 58_000, "the room is used");
		const shown = text.match(/^### /gm)?.length ?? 0;
		assert.ok(text.endsWith(`\n… and ${(2_000 - shown).toLocaleString("en-US")} more\n`));
	});

	test("so members of a fleet that do not fit are counted, and the table ends between two rows", () => {
		const members = Array.from({ length: 2_000 }, (_, index) => createReportedMember(`device-${index}`));
		const text = formatAsMarkdown(createReport([createReportedFleet("plant", members)]));
		assert.ok(text.length <= 60_000 && text.length > 58_000, `${text.length}`);
		const rows = text.match(/^\| <code>device-\d+<\/code> \|.*\|$/gm) ?? [];
		assert.ok(
			text.endsWith(`\n… and ${(2_000 - rows.length).toLocaleString("en-US")} more\n`),
			text.slice(-200),
		);
	});

	test("and all others are included", () => {
		const some = Array.from({ length: 50 }, (_, index) => createReportedResource(`device-${index}`));
		const text = formatAsMarkdown(createReport(some));
		assert.equal(text.match(/^### /gm)?.length, 50);
		assert.doesNotMatch(text, /more$/);
	});
});
