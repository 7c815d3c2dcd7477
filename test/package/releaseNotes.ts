/** Why a tag can't be released. */
export class NotReady extends Error {}

/**
 * What the changelog says of a release.
 *
 * @param changelog in the form of Keep a Changelog: a section `## 0.2.0 - 2026-12-24` for each version
 * @param release the version of package.json, and the tag
 * @returns the section without its heading
 * @throws NotReady where tag and version differ, the version has no section with an entry, or entries are left unreleased
 */
export function releaseNotes(changelog: string, { version, tag }: { version: string; tag: string }): string {
	if (tag !== `v${version}`) throw new NotReady(`The tag ${tag} is not v${version}, as package.json has it.`);
	const left = section(changelog, "Unreleased");
	if (left !== undefined && left !== "")
		throw new NotReady(`CHANGELOG.md has entries under Unreleased; move them under ## ${version} - <date>.`);
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
