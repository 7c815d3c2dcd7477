import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createProgramFiles, TYPESCRIPT, writeProgram } from "../program/layout.ts";
import { parsePrograms } from "./pages.ts";
import { parseCommands, parseNpxCommand, readTestingGuide } from "./testingGuide.ts";

const GUIDE = readTestingGuide();
const [TEST_PROGRAM] = parsePrograms(GUIDE);
const [, RUN_COMMAND = ""] = parseCommands(GUIDE);

describe("the test with mocks, beside the files of `pulumi new typescript`", () => {
	let root: string;
	before(async () => {
		const tsconfig = JSON.parse(TYPESCRIPT.files["tsconfig.json"] ?? "");
		root = await writeProgram({
			...createProgramFiles(TYPESCRIPT),
			"tsconfig.json": JSON.stringify({ ...tsconfig, files: ["index.ts", "devices.test.ts"] }),
			"devices.test.ts": TEST_PROGRAM?.text ?? "",
		});
	});
	after(() => rm(root, { recursive: true }));

	it("passes by the command of the guide", async () => {
		assert.deepEqual(await runAt(root, RUN_COMMAND), { code: 0, passed: "1", failed: "0" });
	});

	it("compiles by the command of the guide, once it is in tsconfig.json", async () => {
		const command = /run `(npx tsc [^`]+)`/.exec(GUIDE.text)?.[1] ?? "";
		assert.equal((await runAt(root, command)).code, 0);
	});

	it("fails if the program declares something else", async () => {
		const text = TEST_PROGRAM?.text.replace('{ status: "disabled" }', '{ status: "enabled" }') ?? "";
		await writeFile(join(root, "devices.test.ts"), text);
		assert.deepEqual(await runAt(root, RUN_COMMAND), { code: 1, passed: "0", failed: "1" });
	});
});

/** Runs a command in a folder, not as a part of the tests around it, and counts its tests. */
async function runAt(cwd: string, command: string) {
	const [file, ...args] = parseNpxCommand(command);
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
	let output = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		output += text;
	});
	const [code] = await once(child, "close");
	const count = (name: string) => new RegExp(`${name} (\\d+)$`, "m").exec(output)?.[1];
	return { code, passed: count("pass"), failed: count("fail") };
}
