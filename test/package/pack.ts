import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runSuccessfully } from "./run.ts";

/** The root of the repository. */
export const ROOT = resolve(__dirname, "../..");

/** The description of a tarball by `npm pack --json`. */
export interface Manifest {
	readonly filename: string;
	/** The size of the tarball in bytes. */
	readonly size: number;
	/** The size of its unpacked files in bytes. */
	readonly unpackedSize: number;
	readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** The package as it would be published. */
export interface Packed extends Manifest {
	/** The path of the tarball. */
	readonly tarball: string;
	remove(): Promise<void>;
}

/** The files that `npm pack` needs from the repository: the sources, and the files that are packed unchanged. */
const NEEDED = ["CHANGELOG.md", "LICENSE", "README.md", "package.json", "provider", "tsconfig.json"];

/** Describes the tarball that the repository with its last build would be packed to. Nothing is run or written. */
export async function describePack(): Promise<Manifest> {
	return manifestOf(await npmPack(ROOT, "--dry-run", "--ignore-scripts"));
}

/** Packs a copy of the sources as a release is packed, without earlier builds. */
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

/** Parses the list with one entry that npm prints. Output of scripts may come before it. */
function manifestOf(output: string): Manifest {
	const [manifest]: readonly Manifest[] = JSON.parse(output.slice(output.search(/^\[/m)));
	if (manifest === undefined) throw new Error(`npm pack described no tarball:\n${output}`);
	return manifest;
}
