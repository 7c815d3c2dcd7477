import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NotReady, releaseNotes } from "./releaseNotes.ts";

const changelog = (unreleased: string, section: string): string =>
	`# Changelog\n\nAll changes.\n\n## Unreleased\n${unreleased}\n${section}## 0.1.0 - 2026-01-01\n\n### Added\n\n- All.\n`;

const READY = "## 0.2.0 - 2026-02-01\n\n### Fixed\n\n- The pace.\n\n";

describe("the notes of a release", () => {
	test("are the section of the release in the changelog", () => {
		const notes = releaseNotes(changelog("", READY), { version: "0.2.0", tag: "v0.2.0" });
		assert.equal(notes, "### Fixed\n\n- The pace.");
	});

	for (const [why, text, tag, said] of [
		["the tag is of another version", changelog("", READY), "v0.3.0", /v0\.3\.0 is not v0\.2\.0/],
		["entries are left unreleased", changelog("\n- More.\n", READY), "v0.2.0", /under Unreleased/],
		["the version has no section", changelog("", ""), "v0.2.0", /no section "## 0\.2\.0/],
		["its section has no entry", changelog("", "## 0.2.0 - 2026-02-01\n\n"), "v0.2.0", /with an entry/],
	] as const) {
		test(`are refused if ${why}`, () =>
			assert.throws(
				() => releaseNotes(text, { version: "0.2.0", tag }),
				(error) => error instanceof NotReady && said.test(error.message),
			));
	}
});
