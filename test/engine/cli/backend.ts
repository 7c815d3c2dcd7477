import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import type { ConfigValue, ProjectSpec } from "../engine.ts";
import { createChildEnv } from "../processes.ts";
import { type Crypter, makeCrypter } from "../standIn/state/crypter.ts";

/** A stack's own folder: the CLI's home, its file backend, and the configuration that would otherwise be next to Pulumi.yaml. */
export class Backend {
	readonly folder: string;
	readonly #spec: ProjectSpec;
	readonly #project: string;
	readonly #passphrase: string;
	readonly #config = new Map<string, ConfigValue>();

	constructor(folder: string, spec: ProjectSpec, project: string, passphrase: string) {
		this.folder = folder;
		this.#spec = spec;
		this.#project = project;
		this.#passphrase = passphrase;
		for (const [key, value] of Object.entries(spec.config ?? {})) this.#config.set(this.#full(key), value);
	}

	/** The flags that name the stack and keep its configuration out of the project's folder. */
	get flags(): string[] {
		return [
			"--stack",
			this.#stack,
			"--config-file",
			this.#configFile,
			"--non-interactive",
			"--color",
			"never",
		];
	}

	/** The flag that names the stack, for commands that need no configuration. */
	get stackFlags(): string[] {
		return ["--stack", this.#stack, "--non-interactive"];
	}

	/** Creates a stack without resources, unless it exists. */
	async create(): Promise<void> {
		const stacks = join(this.folder, "state", ".pulumi", "stacks", this.#project);
		await mkdir(stacks, { recursive: true });
		await mkdir(join(this.folder, "home"), { recursive: true });
		const empty = JSON.stringify({ version: 3, checkpoint: { stack: this.#stack } });
		await writeNew(join(this.folder, "state", ".pulumi", "meta.yaml"), "version: 1\n");
		await writeNew(join(stacks, `${this.#spec.stack ?? "dev"}.json`), empty);
		await this.writeConfig();
	}

	/** Sets a configuration value, or removes it. */
	async setConfig(key: string, value: ConfigValue | undefined): Promise<void> {
		if (value === undefined) this.#config.delete(this.#full(key));
		else this.#config.set(this.#full(key), value);
		await this.writeConfig();
	}

	/** Writes the stack's configuration file, with the salt of the state if it has one. */
	async writeConfig(salt?: string): Promise<void> {
		const crypter = await makeCrypter(this.#passphrase, salt);
		const config = [...this.#config].map(([key, value]) => [key, encodeConfigValue(value, crypter)]);
		const text = stringify({ encryptionsalt: crypter.salt, config: Object.fromEntries(config) });
		await writeFile(this.#configFile, text);
	}

	/** Returns the environment of a command: no network, nothing outside the folder. */
	env(more?: Readonly<Record<string, string>>): Record<string, string | undefined> {
		return createChildEnv(this.#spec.env, more, {
			PULUMI_HOME: join(this.folder, "home"),
			PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "state")).href,
			PULUMI_CONFIG_PASSPHRASE: this.#passphrase,
			PULUMI_SKIP_UPDATE_CHECK: "true",
			PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
			PULUMI_DEBUG_COMMANDS: "true",
		});
	}

	get #stack(): string {
		return `organization/${this.#project}/${this.#spec.stack ?? "dev"}`;
	}

	get #configFile(): string {
		return join(this.folder, `Pulumi.${this.#spec.stack ?? "dev"}.yaml`);
	}

	#full(key: string): string {
		return key.includes(":") ? key : `${this.#project}:${key}`;
	}
}

const encodeConfigValue = (value: ConfigValue, crypter: Crypter): unknown =>
	typeof value === "string" ? value : { secure: crypter.encrypt(value.secret) };

async function writeNew(path: string, text: string): Promise<void> {
	await writeFile(path, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "EEXIST") throw error;
	});
}
