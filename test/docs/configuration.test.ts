import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AUTOPILOT_SETTINGS } from "../../provider/graph/settings.ts";
import { IOTHUB_SETTINGS } from "../../provider/iothub/settings.ts";
import type { Setting } from "../../provider/settings/reader.ts";
import { renderConfigurationPage } from "./configuration/page.ts";
import { ROOT, readPages } from "./pages.ts";

const SETTINGS: readonly Setting[] = [IOTHUB_SETTINGS, AUTOPILOT_SETTINGS].flatMap((settings) =>
	Object.values<Setting>(settings),
);
const PAGE = readFileSync(join(ROOT, "docs/configuration.md"), "utf8");

test("the page of settings is what `npm run docs:configuration` writes", () =>
	assert.equal(PAGE, renderConfigurationPage()));

test("the page of settings has each setting once, with its environment variables, and says which ones are secret", () => {
	const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));
	for (const { key, env, secret } of SETTINGS) {
		const name = `\`${key}\`${secret ? " (secret)" : ""}`;
		const [row = "", ...others] = rows.filter((line) => line.split(" | ", 1)[0]?.includes(name));
		assert.deepEqual(others, [], `${key} has one row`);
		for (const variable of env)
			assert.ok(row.includes(`\`${variable}\``), `${variable} is in the row of ${key}`);
	}
});

test("no page names a setting that does not exist", () => {
	const known = new Set(SETTINGS.map(({ key }) => key));
	const unknown = readPages().flatMap(({ path, text }) =>
		[...text.matchAll(/`((?:iothub|autopilot):[a-z]\w+)`/g)]
			.map(([, key = ""]) => key)
			.filter((key) => !known.has(key))
			.map((key) => `${path}: ${key}`),
	);
	assert.deepEqual(unknown, []);
});
