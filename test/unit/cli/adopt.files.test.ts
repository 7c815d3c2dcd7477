import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { generateImportFile, writeFiles } from "../../../provider/cli/adopt.files.ts";
import { TYPE_TOKENS } from "../../../provider/cli/stackState.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";

const folder = mkdtempSync(join(tmpdir(), "files-"));
after(() => rmSync(folder, { recursive: true }));

test("files are written into a folder, which is created if it does not exist", async () => {
	const out = join(folder, "new", "one");
	await writeFiles(out, { "a.txt": "a", "b.txt": "b" }, { force: false });
	assert.deepEqual(readdirSync(out), ["a.txt", "b.txt"]);
});

test("if a file exists, none is written, unless --force is set", async () => {
	writeFileSync(join(folder, "b.txt"), "mine");
	const write = (force: boolean) => writeFiles(folder, { "a.txt": "a", "b.txt": "b" }, { force });
	await assert.rejects(write(false), {
		name: "CommandError",
		message:
			/b\.txt" exists already; nothing was written\. Name another folder with --out, or overwrite with --force\.$/,
	});
	assert.equal(readFileSync(join(folder, "b.txt"), "utf8"), "mine");
	assert.ok(!readdirSync(folder).includes("a.txt"));
	await write(true);
	assert.equal(readFileSync(join(folder, "b.txt"), "utf8"), "b");
});

test("a folder that cannot be created is an error that names it", async () => {
	writeFileSync(join(folder, "file"), "");
	await assert.rejects(writeFiles(join(folder, "file", "in"), { a: "" }, { force: false }), {
		name: "CommandError",
		message: /^The files cannot be written to ".*": E/,
	});
});

describe("the file for pulumi import", () => {
	for (const [kind, type] of Object.entries(TYPE_TOKENS)) {
		test(`has the whole state of each ${kind}, with the stored text in inputs and outputs, without which nothing can read it`, () => {
			const objects = ["one", "two"].map((name) => ({
				name,
				id: `id of ${name}`,
				inputs: { adopt: true },
				outputs: { etag: "AAA=" },
			}));
			const __provider = trampoline(kind);
			assert.deepEqual(JSON.parse(generateImportFile(kind as keyof typeof TYPE_TOKENS, objects)), {
				resources: objects.map(({ name, id }) => ({
					type,
					name,
					id,
					inputs: { adopt: true, __provider },
					outputs: { etag: "AAA=", __provider },
				})),
			});
		});
	}

	test("ends with a line break, and escapes control characters of a service's texts", () => {
		const object = { name: "a", id: "a", inputs: { statusReason: "\u001b[2J\u009b\u202e" }, outputs: {} };
		const text = generateImportFile("deviceIdentity", [object]);
		assert.match(text, /\}\n$/);
		assert.doesNotMatch(text, /(?![\n\t])\p{Cc}|\u202e/u);
		assert.deepEqual(JSON.parse(text).resources[0].inputs.statusReason, object.inputs.statusReason);
	});
});
