import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSuccessfully } from "./run.ts";

/** Package managers and linters of packages, installed into a folder of their own. */
export class Tools {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	/** Installs them as `tools/package-lock.json` has them, from the registry or npm's cache. No script of theirs is run. */
	static async install(): Promise<Tools> {
		const folder = await mkdtemp(join(tmpdir(), "tools-"));
		await cp(join(__dirname, "tools"), folder, { recursive: true });
		await runSuccessfully("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { folder });
		return new Tools(folder);
	}

	/** The path of a file of one of them, for node to run. */
	path(file: string): string {
		return join(this.#folder, "node_modules", file);
	}

	/** Takes the folder away. */
	async remove(): Promise<void> {
		await rm(this.#folder, { recursive: true, force: true });
	}
}
