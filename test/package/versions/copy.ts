import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createChildEnv } from "../../engine/processes.ts";
import { type Ended, runSuccessfully, runToEnd } from "../run.ts";

const ROOT = resolve(__dirname, "../../..");

/** The folders that are not copied. */
const LEFT_OUT = new Set([".git", "node_modules", "dist", "docs"]);

/** A copy of the repository, installed for one version of Node.js and of Pulumi's SDK. */
export class Copy {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	/**
	 * Copies the repository, replaces the SDK of the lockfile, and builds. Everything else is installed as locked. The stand-in
	 * keeps the SDK that it is written for, because an engine has its own version. Node.js comes from the registry, from the
	 * package that npm's `node` uses.
	 */
	static async make({ node, pulumi }: Combination): Promise<Copy> {
		const copy = new Copy(await mkdtemp(join(tmpdir(), "versions-")));
		const filter = (path: string): boolean => !LEFT_OUT.has(path.slice(ROOT.length + 1));
		await cp(ROOT, copy.#root, { recursive: true, filter });
		await mkdir(copy.#tools);
		const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
		const binary = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}@${node}`;
		await runSuccessfully("npm", ["install", ...quiet, "--prefix", copy.#tools, binary], {
			folder: copy.#tools,
		});
		await runSuccessfully("npm", ["ci", ...quiet], { folder: copy.#root });
		const engine = join(copy.#root, "test/engine/node_modules");
		await mkdir(engine);
		await rename(join(copy.#root, "node_modules/@pulumi"), join(engine, "@pulumi"));
		const sdk = ["install", ...quiet, "--no-save", "--legacy-peer-deps", `@pulumi/pulumi@${pulumi}`];
		await runSuccessfully("npm", sdk, { folder: copy.#root });
		const { code, output } = await copy.run("node_modules/typescript/bin/tsc", "-p", "provider");
		if (code !== 0) throw new Error(`The build failed:\n${output}`);
		return copy;
	}

	/** Runs a script of the copy with its Node.js, which is also the one on PATH. */
	run(script: string, ...args: readonly string[]): Promise<Ended> {
		const { PATH = "" } = createChildEnv();
		const env = { PATH: `${this.#bin}:${PATH}` };
		return runToEnd(join(this.#bin, "node"), [script, ...args], { folder: this.#root, env });
	}

	/** Returns the versions that were installed. */
	async versions(): Promise<Combination> {
		const manifest = join(this.#root, "node_modules/@pulumi/pulumi/package.json");
		const { version }: { version: string } = JSON.parse(await readFile(manifest, "utf8"));
		const { stdout } = await this.run("-p", "process.version");
		return { node: stdout.trim().replace("v", ""), pulumi: version };
	}

	/** Removes the folder. */
	async remove(): Promise<void> {
		await rm(this.#folder, { recursive: true, force: true });
	}

	get #root(): string {
		return join(this.#folder, "repository");
	}

	get #tools(): string {
		return join(this.#folder, "tools");
	}

	get #bin(): string {
		const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
		return join(this.#tools, "node_modules", name, "bin");
	}
}

/** A Node.js and a Pulumi SDK to run on. */
export interface Combination {
	/** A version or range of Node.js. */
	readonly node: string;
	/** A version or range of `@pulumi/pulumi`. */
	readonly pulumi: string;
}

/**
 * Returns the combinations to test: the oldest supported versions of both, the SDK of the development with the Node.js of most
 * users, the newest versions of both, and the newest Node.js with the oldest SDK, for old stacks on new machines.
 */
export function listCombinations(promised: {
	readonly node: string;
	readonly pulumi: string;
	readonly developed: string;
}): readonly Combination[] {
	const oldest = { node: parseLeastVersion(promised.node), pulumi: parseLeastVersion(promised.pulumi) };
	return [
		oldest,
		{ node: "22", pulumi: promised.developed },
		{ node: "24", pulumi: oldest.pulumi },
		{ node: "24", pulumi: "latest" },
	];
}

/** Returns the lowest version of a range that begins with it, such as ">=3.150.0 <4". */
function parseLeastVersion(range: string): string {
	const [, version] = /^>=(\d+\.\d+\.\d+)/.exec(range) ?? [];
	if (version === undefined) throw new TypeError(`"${range}" does not begin with its lowest version`);
	return version;
}
