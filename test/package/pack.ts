import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runSuccessfully } from "./run.ts";

/** The root of the repository. */
export const ROOT = resolve(__dirname, "../..");

/** What `npm pack --json` tells of a tarball. */
export interface Manifest {
	readonly filename: string;
	/** Bytes of the tarball. */
	readonly size: number;
	/** Bytes of what is in it. */
	readonly unpackedSize: number;
	readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** The package as it would be published. */
export interface Packed extends Manifest {
	/** The tarball. */
	readonly tarball: string;
	remove(): Promise<void>;
}

/** What `npm pack` needs of the repository: the sources, and what the package takes as it is. */
const NEEDED = ["CHANGELOG.md", "LICENSE", "README.md", "package.json", "provider", "tsconfig.json"];

/** Tells what a tarball of the repository as it stands would hold, of what was built last. Nothing is run or written. */
export async function describePack(): Promise<Manifest> {
	return manifestOf(await npmPack(ROOT, "--dry-run", "--ignore-scripts"));
}

/** Packs a copy of the sources as a release is packed: what was built before counts for nothing. */
export async function packPackage(): Promise<Packed> {
	const folder = await mkdtemp(join(tmpdir(), "pack-"));
	for (const name of NEEDED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
	await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
	const manifest = manifestOf(await npmPack(folder));
	return {
		...manifest,
		tarball: join(folder, manifest.filename),
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

function npmPack(folder: string, ...options: readonly string[]): Promise<string> {
	return runSuccessfully("npm", ["pack", "--json", ...options], { folder });
}

/** A list of one; what the scripts print may come before it. */
function manifestOf(output: string): Manifest {
	const [manifest]: readonly Manifest[] = JSON.parse(output.slice(output.search(/^\[/m)));
	if (manifest === undefined) throw new Error(`npm pack told of nothing:\n${output}`);
	return manifest;
}
