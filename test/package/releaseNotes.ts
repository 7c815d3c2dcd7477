/** The reason why a tag cannot be released. */
export class NotReady extends Error {}

/**
 * Returns the section of the changelog for a release.
 *
 * @param changelog in the format of Keep a Changelog: a section `## 0.2.0 - 2026-12-24` for each version
 * @param release the version of package.json, and the tag
 * @returns the section without its heading
 * @throws NotReady if tag and version differ, the version has no section with an entry, or entries are left under Unreleased
 */
export function releaseNotes(changelog: string, { version, tag }: { version: string; tag: string }): string {
	if (tag !== `v${version}`)
		throw new NotReady(`The tag ${tag} is not v${version}, the version in package.json.`);
	const left = section(changelog, "Unreleased");
	if (left !== undefined && left !== "")
		throw new NotReady(
			`CHANGELOG.md has entries under Unreleased; move them to a section "## ${version} - <date>".`,
		);
	const notes = section(changelog, version);
	if (notes === undefined || !/^- /m.test(notes))
		throw new NotReady(`CHANGELOG.md has no section "## ${version} - <date>" with an entry.`);
	return notes;
}

function section(changelog: string, name: string): string | undefined {
	const sections = changelog.split(/^## /m).slice(1);
	const found = sections.find((text) => (text.split("\n", 1)[0] ?? "").split(" - ")[0]?.trim() === name);
	return found?.split("\n").slice(1).join("\n").trim();
}
