import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXAMPLE, ROOT } from "./files.ts";

/** A copy of the example in a separate folder, as a user would have it. */
export class Project {
	readonly root: string;

	private constructor(root: string) {
		this.root = root;
	}

	/** Copies the example, with this package, its command and its dependencies installed as links. */
	static async copy(): Promise<Project> {
		const root = await mkdtemp(join(tmpdir(), "gitops-"));
		await cp(EXAMPLE, root, { recursive: true });
		await writeFile(join(root, "package.json"), JSON.stringify({ name: "fleet", private: true }));
		const modules = join(root, "node_modules");
		await mkdir(join(modules, ".bin"), { recursive: true });
		for (const name of await readdir(join(ROOT, "node_modules"))) {
			if (!name.startsWith(".")) await symlink(join(ROOT, "node_modules", name), join(modules, name));
		}
		await symlink(ROOT, join(modules, "pulumi-device-identity"));
		const command = join(modules, ".bin", "device-identity");
		await writeFile(command, `#!/bin/sh\nexec node "${join(ROOT, "dist/cli/main.js")}" "$@"\n`);
		await chmod(command, 0o755);
		return new Project(root);
	}

	/** Replaces a part of the program. Throws if the program does not have it. */
	async edit(from: string | RegExp, to: string): Promise<void> {
		const path = join(this.root, "index.ts");
		const text = await readFile(path, "utf8");
		const edited = text.replace(from, to);
		if (edited === text) throw new Error(`${String(from)} is not in the program`);
		await writeFile(path, edited);
	}

	/** Removes the folder. */
	async remove(): Promise<void> {
		await rm(this.root, { recursive: true, force: true });
	}
}
