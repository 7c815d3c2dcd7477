import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSuccessfully } from "./run.ts";

/** A way to install what a program's package.json names. */
export interface PackageManager {
	readonly title: string;
	install(root: string, tools: Tools): Promise<void>;
}

/** What users of Node.js have. */
export const NPM: PackageManager = {
	title: "npm",
	install: async (root) => {
		await runSuccessfully("npm", ["install", "--no-audit", "--no-fund"], { folder: root });
	},
};

/** Gives a package no more than it declares: everything else is out of its sight. */
const PNPM: PackageManager = {
	title: "pnpm",
	install: (root, tools) => run(root, tools.path("pnpm/bin/pnpm.cjs"), ["install", "--no-frozen-lockfile"]),
};

/**
 * Yarn 1 refuses packages that declare a later Node.js, which newer versions of what `@azure/identity` needs do, though they
 * run on 20; other managers warn at most. A cache of its own, for it knows tarballs by name and version and would install an
 * earlier one.
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

/** Yarn 4 links packages in several ways; Pulumi itself does not run on the one without node_modules (Plug'n'Play). */
const yarnBerry = (nodeLinker: "node-modules" | "pnpm"): PackageManager => ({
	title: `yarn 4, nodeLinker ${nodeLinker}`,
	install: async (root, tools) => {
		await writeFile(join(root, ".yarnrc.yml"), `nodeLinker: ${nodeLinker}\n`);
		await run(root, tools.path("@yarnpkg/cli-dist/bin/yarn.js"), ["install", "--no-immutable"], {
			YARN_ENABLE_TELEMETRY: "0",
		});
	},
});

/** The others. */
export const OTHER_MANAGERS = [PNPM, YARN_CLASSIC, yarnBerry("node-modules"), yarnBerry("pnpm")] as const;

/** The same registry for all of them: npm's. */
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
