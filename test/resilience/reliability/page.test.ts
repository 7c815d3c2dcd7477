import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatReliabilityPage, type Outcome } from "./page.ts";
import { SUITES, type Suite } from "./suites.ts";

const [first, second] = SUITES as readonly [Suite, Suite, ...Suite[]];
const createOutcome = (suite: Suite, figures: string | undefined): Outcome => ({
	suite,
	figures,
	seconds: 300,
	date: "2026-01-02",
});
const machine = "2 processors";

test("a suite that ran has a row with its figures, or with its failure", () => {
	const page = formatReliabilityPage(
		SUITES,
		[createOutcome(first, "12 tests"), createOutcome(second, undefined)],
		{
			before: "",
			machine,
		},
	);
	const rows = page.split("\n").filter((line) => line.startsWith("| ") && line.includes("2026"));
	assert.equal(rows.length, 2);
	assert.match(
		rows[0] ?? "",
		/^\| All tests \(`npm run test:all`\) .* \| 12 tests \| 5 min \| 2026-01-02 \|$/,
	);
	assert.match(rows[1] ?? "", /\| \*\*failed\*\* \|/);
});

test("a suite that did not run keeps its row", () => {
	const before = formatReliabilityPage(
		SUITES,
		[createOutcome(first, "12 tests"), createOutcome(second, "3 tests")],
		{
			before: "",
			machine,
		},
	);
	const after = formatReliabilityPage(SUITES, [createOutcome(second, "4 tests")], { before, machine });
	assert.match(after, /\| 12 tests \|[\s\S]*\| 4 tests \|/);
	assert.doesNotMatch(after, /\| 3 tests \|/);
});

test("the figures are the totals of a test runner; incomplete totals count as a failure", () => {
	const output = "✔ a\nℹ tests 3458\nℹ suites 4\nℹ pass 3406\nℹ fail 0\nℹ skipped 52\n";
	assert.equal(first.figures(output), "3,458 tests: 3,406 passed, 52 skipped with a reason");
	assert.equal(first.figures("ℹ tests 3458\n"), undefined);
});

test("the figures of versions are the passed tests of each combination", () => {
	const versions = SUITES.find(({ title }) => title === "Versions");
	const output =
		"| Node.js | @pulumi/pulumi | passed | failed | seconds |\n| 20.18.1 | 3.150.0 | 1234 | 0 | 90 |\n";
	assert.equal(versions?.figures(output), "Node.js 20.18.1 with SDK 3.150.0: 1,234 passed");
});

test("every suite is a script of the package", () => {
	const manifest = readFileSync(join(__dirname, "../../../package.json"), "utf8");
	const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
	assert.deepEqual(
		SUITES.filter(({ script: [name = ""] }) => !Object.hasOwn(scripts, name)).map(({ title }) => title),
		[],
	);
});
