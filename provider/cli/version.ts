import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The version of this package; its manifest lies two folders up in the sources and in the build. */
export function readPackageVersion(): string {
	const manifest: { version: string } = JSON.parse(
		readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
	);
	return manifest.version;
}
