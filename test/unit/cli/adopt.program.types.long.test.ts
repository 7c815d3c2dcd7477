import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { writeProgram } from "../../program/layout.ts";
import { findTypeFaults } from "../../program/typeFaults.ts";
import { ODD_PROGRAMS } from "./oddPrograms.ts";

const TITLES = Object.keys(ODD_PROGRAMS);

test(`the programs of ${TITLES.join(" and ")} compile for any ids and texts`, async () => {
	const named = Object.values(ODD_PROGRAMS).map((text, at): [string, string] => [`program${at}.ts`, text]);
	const wrong =
		'import { AutopilotFleet } from "pulumi-device-identity";\n\nnew AutopilotFleet("none", {});\n';
	const root = await writeProgram({ ...Object.fromEntries(named), "wrong.ts": wrong });
	try {
		const names = named.map(([name]) => name);
		const typeErrors = findTypeFaults(root, [...names, "wrong.ts"]);
		assert.deepEqual(
			typeErrors.filter(({ name }) => name !== "wrong.ts"),
			[],
		);
		assert.match(typeErrors.map(({ text }) => text).join("\n"), /'machines' is missing/);
	} finally {
		await rm(root, { recursive: true });
	}
});
