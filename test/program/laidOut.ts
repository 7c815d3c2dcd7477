import { mkdir, mkdtemp, readdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(__dirname, "..", "..");

/**
 * Writes a program down outside the repository, with this package and its dependencies installed as links.
 *
 * @param files the program's files by name; `Pulumi.yaml` is added
 * @returns the folder, which is the caller's to remove
 */
export async function writeProgram(files: Readonly<Record<string, string>>): Promise<string> {
	const root = await mkdtemp(join(tmpdir(), "layout-"));
	const modules = join(root, "node_modules");
	await mkdir(modules);
	for (const name of await readdir(join(REPOSITORY, "node_modules"))) {
		if (!name.startsWith(".")) await symlink(join(REPOSITORY, "node_modules", name), join(modules, name));
	}
	await symlink(REPOSITORY, join(modules, "pulumi-device-identity"));
	const all = { ...files, "Pulumi.yaml": "name: layout\nruntime: nodejs\n" };
	for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text);
	return root;
}
