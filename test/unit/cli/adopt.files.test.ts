import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeFiles } from "../../../provider/cli/adopt.files.ts";

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
