import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(__dirname, "../..");

test("README is short enough for a first visit", () => {
	const lines = readFileSync(join(ROOT, "README.md"), "utf8").trimEnd().split("\n");
	assert.ok(lines.length <= 120, `README has ${lines.length} lines`);
});

test("every script and file that README and CONTRIBUTING name exists", () => {
	const manifest: { scripts: Record<string, string> } = JSON.parse(
		readFileSync(join(ROOT, "package.json"), "utf8"),
	);
	for (const page of ["README.md", "CONTRIBUTING.md"]) {
		const text = readFileSync(join(ROOT, page), "utf8");
		for (const [, script] of text.matchAll(/npm run ([a-z]+)/g))
			assert.ok(manifest.scripts[script ?? ""], `npm run ${script}`);
		for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
			assert.ok(existsSync(join(ROOT, path ?? "")), path);
	}
});
