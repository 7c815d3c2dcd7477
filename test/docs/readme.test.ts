import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AUTOPILOT_SETTINGS } from "../../provider/graph/settings.ts";
import { IOTHUB_SETTINGS } from "../../provider/iothub/settings.ts";
import type { Setting } from "../../provider/settings/reader.ts";

const ROOT = join(__dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const SETTINGS: readonly Setting[] = [IOTHUB_SETTINGS, AUTOPILOT_SETTINGS].flatMap((settings) =>
	Object.values<Setting>(settings),
);

test("README names every setting with its environment variable", () => {
	for (const { key, env } of SETTINGS) {
		assert.ok(README.includes(`\`${key}\``), `${key} is not in README`);
		assert.ok(README.includes(`\`${env[0]}\``), `${env[0]} is not in README`);
	}
});

test("README marks every secret setting as secret", () => {
	for (const { key } of SETTINGS.filter(({ secret }) => secret))
		assert.ok(README.includes(`\`${key}\` (secret)`), key);
});

test("README names no setting that does not exist", () => {
	const named = [...README.matchAll(/`((?:iothub|autopilot):\w+)`/g)].map(([, key]) => key);
	assert.deepEqual(
		named.filter((key) => !SETTINGS.some((setting) => setting.key === key)),
		[],
	);
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
