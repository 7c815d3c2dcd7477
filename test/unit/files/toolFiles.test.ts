import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { listCsvFaults, writeCsv } from "./csvFile.ts";
import { listFleetFaults, readFleetText } from "./fleetFile.ts";
import { TOOL_FILES, type ToolFile } from "./toolFiles.ts";

const GUIDE = readFileSync(join(__dirname, "../../../docs/files.md"), "utf8");

for (const file of TOOL_FILES)
	test([file.shape, file.variant].filter(Boolean).join(": "), () => checkFile(file));

test("the guide's tables have each shape once, and no other", () => {
	const [, section = ""] = /\n## What tools write\n([\s\S]*?)\n## /.exec(GUIDE) ?? [];
	const rows = [...section.matchAll(/^\| (?!shape\b|-)(.+?) \|/gm)].map(([, shape]) => shape);
	assert.deepEqual(rows.toSorted(), [...new Set(TOOL_FILES.map(({ shape }) => shape))].sort());
});

function checkFile({ name, text, devices, skipped = [], machines, problems }: ToolFile): void {
	if (problems !== undefined) checkProblems(listProblems({ name, text }), problems);
	else if (machines !== undefined) assert.deepEqual(readAutopilotCsv(writeCsv(text)), machines);
	else {
		const read = readFleetText(name, text);
		assert.deepEqual(read.devices, devices);
		const notices = read.passedOver.map(
			(notice) => /: (.+) (?:is|are) ignored: /.exec(notice)?.[1] ?? notice,
		);
		assert.equal(notices.join("; "), skipped.join(", "));
	}
}

function listProblems({ name, text }: Pick<ToolFile, "name" | "text">): readonly string[] {
	return name === "machines.csv" ? listCsvFaults(text) : listFleetFaults(name, text);
}

function checkProblems(problems: readonly string[], expected: readonly RegExp[]): void {
	assert.equal(problems.length, expected.length, problems.join("\n"));
	for (const [at, pattern] of expected.entries()) assert.match(problems[at] ?? "", pattern);
}
