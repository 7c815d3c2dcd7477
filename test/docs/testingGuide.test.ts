import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createProgramFiles, TYPESCRIPT, writeProgram } from "../program/layout.ts";
import { parsePrograms } from "./pages.ts";
import { parseCommands, readTestingGuide, runNpxCommand } from "./testingGuide.ts";

const GUIDE = readTestingGuide();
const TEST_PROGRAM = parsePrograms(GUIDE)[0]?.text ?? "";
const [, RUN_COMMAND = ""] = parseCommands(GUIDE);

describe("the test with mocks beside the files of `pulumi new typescript`", () => {
	let root: string;
	before(async () => {
		root = await writeProgram({ ...createProgramFiles(TYPESCRIPT), "devices.test.ts": TEST_PROGRAM });
	});
	after(() => rm(root, { recursive: true }));

	it("passes with the command of the guide", async () => {
		assert.deepEqual(await runNpxCommand(RUN_COMMAND, root), { code: 0, passed: "1", failed: "0" });
	});

	it("fails if the program declares something else", async () => {
		const text = TEST_PROGRAM.replace('{ status: "disabled" }', '{ status: "enabled" }');
		await writeFile(join(root, "devices.test.ts"), text);
		assert.deepEqual(await runNpxCommand(RUN_COMMAND, root), { code: 1, passed: "0", failed: "1" });
	});
});
