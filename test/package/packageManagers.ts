import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSuccessfully } from "./run.ts";

/** A package manager that installs the dependencies of a program. */
export interface PackageManager {
	readonly title: string;
	install(root: string, tools: Tools): Promise<void>;
}

/** The package manager that comes with Node.js. */
export const NPM: PackageManager = {
	title: "npm",
	install: async (root) => {
		await runSuccessfully("npm", ["install", "--no-audit", "--no-fund"], { folder: root });
	},
};

/** Gives a package access only to the dependencies that it declares. */
const PNPM: PackageManager = {
	title: "pnpm",
	install: (root, tools) => run(root, tools.path("pnpm/bin/pnpm.cjs"), ["install", "--no-frozen-lockfile"]),
};

/**
 * Yarn 1 refuses packages that declare a later Node.js. Newer dependencies of `@azure/identity` do so but run on 20; other
 * package managers only warn. Yarn 1 gets its own cache, because it identifies tarballs by name and version and would install
 * an earlier one.
 */
const YARN_CLASSIC: PackageManager = {
	title: "yarn 1",
	install: (root, tools) =>
		run(
			root,
			tools.path("yarn/bin/yarn.js"),
			["install", "--non-interactive", "--no-lockfile", "--ignore-engines"],
			{ YARN_CACHE_FOLDER: join(root, ".cache") },
		),
};

/** Yarn 4 links packages in several ways. Pulumi does not run with the one that has no node_modules (Plug'n'Play). */
const yarnBerry = (nodeLinker: "node-modules" | "pnpm"): PackageManager => ({
	title: `yarn 4, nodeLinker ${nodeLinker}`,
	install: async (root, tools) => {
		await writeFile(join(root, ".yarnrc.yml"), `nodeLinker: ${nodeLinker}\n`);
		await run(root, tools.path("@yarnpkg/cli-dist/bin/yarn.js"), ["install", "--no-immutable"], {
			YARN_ENABLE_TELEMETRY: "0",
		});
	},
});

/** The package managers other than npm. */
export const OTHER_MANAGERS = [PNPM, YARN_CLASSIC, yarnBerry("node-modules"), yarnBerry("pnpm")] as const;

/** Runs a package manager with the registry that npm is configured for. */
async function run(
	root: string,
	script: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<void> {
	const registry = (await runSuccessfully("npm", ["config", "get", "registry"], { folder: root })).trim();
	await runSuccessfully(process.execPath, [script, ...args], {
		folder: root,
		env: {
			npm_config_registry: registry,
			YARN_REGISTRY: registry,
			YARN_NPM_REGISTRY_SERVER: registry,
			...env,
		},
	});
}

/** Package managers and package linters, installed into a separate folder. */
export class Tools {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	/** Installs the versions of `tools/package-lock.json` from the registry or npm's cache, without running their scripts. */
	static async install(): Promise<Tools> {
		const folder = await mkdtemp(join(tmpdir(), "tools-"));
		await cp(join(__dirname, "tools"), folder, { recursive: true });
		await runSuccessfully("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { folder });
		return new Tools(folder);
	}

	/** Returns the path of a file of a tool that Node.js can run. */
	path(file: string): string {
		return join(this.#folder, "node_modules", file);
	}

	/** Removes the folder. */
	async remove(): Promise<void> {
		await rm(this.#folder, { recursive: true, force: true });
	}
}
