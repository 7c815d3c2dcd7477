import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "../deployment.ts";
import type { ConfigValue, Engine, OperationOptions, Outcome, ProjectSpec, Stack } from "../engine.ts";
import { readProject } from "./program/project.ts";
import { type Kind, type OpenStack, runOperation } from "./runOperation.ts";
import { StackConfig } from "./stackConfig.ts";
import { makeCrypter } from "./state/crypter.ts";
import { readStackOutputs } from "./state/deserialize.ts";
import { ENGINE_VERSION, makeManifest, makeStateFile } from "./state/stateFile.ts";

/** The default passphrase of stacks. */
export const DEFAULT_PASSPHRASE = "passphrase";

/**
 * Creates an engine for machines without the CLI: it does what Pulumi's engine does for programs with dynamic
 * resources, using the SDK's own program runner and provider host. It is a test double: it follows the real engine, and
 * what it does not support is an error.
 */
export const createStandIn = (): Engine => ({ name: "stand-in", version: ENGINE_VERSION, open });

async function open(spec: ProjectSpec): Promise<Stack> {
	const project = await readProject(spec.root);
	const folder = spec.stateDir ?? (await mkdtemp(join(tmpdir(), "stand-in-")));
	await mkdir(folder, { recursive: true });
	const file = makeStateFile(folder);
	const passphrase = spec.passphrase ?? DEFAULT_PASSPHRASE;
	const salt = (await file.read())?.deployment.secrets_providers?.state?.salt;
	const crypter = await makeCrypter(passphrase, salt);
	const config = new StackConfig(project.name, spec.config ?? {});
	return new StandInStack(
		{ spec, stack: spec.stack ?? "dev", project, config, crypter, file },
		passphrase,
		folder,
	);
}

/** A stack that the stand-in runs. */
export class StandInStack implements Stack {
	#open: OpenStack;
	readonly #passphrase: string;
	readonly #folder: string;

	constructor(open: OpenStack, passphrase: string, folder: string) {
		this.#open = open;
		this.#passphrase = passphrase;
		this.#folder = folder;
	}

	preview(options: OperationOptions = {}): Promise<Outcome> {
		return runOperation(this.#open, "preview", options);
	}

	up(options: OperationOptions = {}): Promise<Outcome> {
		return this.#run("update", options);
	}

	refresh(options: OperationOptions = {}): Promise<Outcome> {
		return this.#run("refresh", options);
	}

	destroy(options: OperationOptions = {}): Promise<Outcome> {
		return this.#run("destroy", options);
	}

	async exportState(): Promise<Deployment> {
		return (
			(await this.#open.file.read()) ?? {
				version: 3,
				deployment: {
					manifest: makeManifest(),
					secrets_providers: { type: "passphrase", state: { salt: this.#open.crypter.salt } },
					metadata: {},
				},
			}
		);
	}

	async importState(state: Deployment): Promise<void> {
		const salt = state.deployment.secrets_providers?.state?.salt;
		this.#open = { ...this.#open, crypter: await makeCrypter(this.#passphrase, salt) };
		const { pending_operations: _, ...deployment } = state.deployment;
		await this.#open.file.write(JSON.stringify({ ...state, deployment }));
	}

	async setConfig(key: string, value: ConfigValue): Promise<void> {
		this.#open.config.set(key, value);
	}

	async removeConfig(key: string): Promise<void> {
		this.#open.config.remove(key);
	}

	async taint(...urns: readonly string[]): Promise<void> {
		const state = await this.exportState();
		const { resources = [] } = state.deployment;
		const missing = urns.find(
			(urn) => !resources.some((resource) => resource.urn === urn && !resource.delete),
		);
		if (missing !== undefined) throw new Error(`no resource in the stack has the URN ${missing}`);
		const tainted = resources.map((resource) =>
			urns.includes(resource.urn) && !resource.delete ? { ...resource, taint: true } : resource,
		);
		const deployment = { ...state.deployment, resources: tainted };
		await this.#open.file.write(JSON.stringify({ ...state, deployment }));
	}

	async unlock(): Promise<void> {}

	async outputs({ showSecrets = false } = {}): Promise<Record<string, unknown>> {
		return readStackOutputs(await this.exportState(), showSecrets ? this.#passphrase : undefined);
	}

	async dispose(): Promise<void> {
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #run(kind: Kind, options: OperationOptions): Promise<Outcome> {
		if (options.skipPreview === false && options.previewOnly !== true) {
			const planned = await runOperation(this.#open, kind === "update" ? "preview" : kind, {
				...options,
				expectNoChanges: false,
				previewOnly: true,
			});
			if (planned.exitCode !== 0) return planned;
		}
		return runOperation(this.#open, kind, options);
	}
}
