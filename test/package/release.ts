/**
 * `npm run release:notes -- v0.2.0`: prints the section of CHANGELOG.md for the release. If the repository is not ready for the
 * release, it prints the reason and exits with code 1.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import { NotReady, releaseNotes } from "./releaseNotes.ts";

try {
	const changelog = readFileSync(join(__dirname, "../../CHANGELOG.md"), "utf8");
	console.log(releaseNotes(changelog, { version, tag: process.argv[2] ?? "" }));
} catch (error) {
	if (!(error instanceof NotReady)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
