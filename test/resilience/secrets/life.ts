import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runDeviceIdentity, writeStateWithSecrets } from "../../program/cli.ts";
import type { Site } from "../../program/site.ts";
import { Search } from "./search.ts";

type Env = Readonly<Record<string, string>>;

/** The options of a life. */
export interface LifeOptions {
	/** The environment that configures the command. */
	readonly access: Env;
	/**
	 * The environment that makes operations and the command print more. The standard error of an operation is then a
	 * separate text. Default: none.
	 */
	readonly loud?: Env;
	/** Lists the secrets. It is called after each operation, because services create and change some. */
	listSecrets(): Iterable<string>;
}

/** A stack from its first run to its last, and the texts from it that people may see. */
export class Life {
	readonly texts: string[] = [];
	readonly #secrets = new Set<string>();
	readonly #site: Site;
	readonly #options: LifeOptions;

	constructor(site: Site, options: LifeOptions) {
		this.#site = site;
		this.#options = options;
	}

	/** Declares devices or machines as secrets, under the name by which the program reads them. */
	async declare(name: "devices" | "machines", declared: object): Promise<void> {
		await this.#site.stack.setConfig(name, { secret: JSON.stringify(declared) });
	}

	/** Runs an operation and asserts its exit code. */
	async run(operation: "preview" | "up" | "refresh" | "destroy", exitCode = 0): Promise<void> {
		const { stack } = this.#site;
		const { loud, listSecrets } = this.#options;
		const outcome = await stack[operation](loud === undefined ? {} : { env: loud });
		assert.equal(outcome.exitCode, exitCode, outcome.output);
		this.texts.push(JSON.stringify(outcome), outcome.output, JSON.stringify(await stack.exportState()));
		if (loud !== undefined) this.texts.push(outcome.stderr);
		for (const secret of listSecrets()) this.#secrets.add(secret);
	}

	/** Reports the drift in every format; some must exist. */
	async report(folder: string): Promise<void> {
		const state = await writeStateWithSecrets(folder, this.#site);
		for (const format of ["table", "json", "sarif", "markdown"])
			await this.#command(["drift", "--state", state, "--format", format], 2);
	}

	/** Adopts what the service holds into a new folder, and reads the written files. */
	async adopt(folder: string, ...args: readonly string[]): Promise<void> {
		await this.#command(["adopt", ...args, "--out", folder], 0);
		const names = await readdir(folder);
		assert.ok(names.includes("index.ts") && names.includes("import.json"), names.join());
		this.texts.push(...(await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))));
	}

	/** Asserts that no text contains a secret, and prints what was searched. */
	assertSilent(title: string): void {
		const search = new Search();
		search.assertSilent(title, this.texts, this.#secrets);
		console.log(`${title}: ${search.describe()}`);
	}

	async #command(args: readonly string[], exitCode: number): Promise<void> {
		const { access, loud } = this.#options;
		const { code, stdout, stderr } = await runDeviceIdentity(args, { ...access, ...loud });
		assert.equal(code, exitCode, stderr);
		this.texts.push(stdout, stderr);
	}
}
