import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Deployment, Json } from "../engine/index.ts";
import { createChildEnv } from "../engine/processes.ts";
import { DEFAULT_PASSPHRASE } from "../engine/standIn/standIn.ts";
import { makeCrypter } from "../engine/standIn/state/crypter.ts";
import { getTenantAccess, type Site, unsetSettings } from "./site.ts";

const COMMAND = resolve(__dirname, "..", "..", "dist", "cli", "main.js");

/** The result of a run of the command. */
export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the built `device-identity`, in an environment that configures only what is given. */
export function runDeviceIdentity(
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
	return new Promise((settle, reject) => {
		const child = spawn(process.execPath, [COMMAND, ...args], { env: createChildEnv(unsetSettings(), env) });
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
		child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
		child.once("error", reject);
		child.once("close", (code) => settle({ code: code ?? -1, stdout, stderr }));
	});
}

/** Returns the environment that configures a site's hub. */
export function getHubEnv({ emulator: { iotHub } }: Site): Record<string, string> {
	return { IOTHUB_CONNECTION_STRING: iotHub.connectionString, IOTHUB_ENDPOINT: iotHub.url };
}

/** Returns the environment that configures a site's tenant. */
export function getTenantEnv({ emulator }: Pick<Site, "emulator">): Record<string, string> {
	return {
		...getTenantAccess(emulator).env,
		AUTOPILOT_ENDPOINT: emulator.graph.url,
		AUTOPILOT_CREDENTIAL: "managedIdentity",
	};
}

/** Returns the environment with which the command finds a site's stack whose state is in this folder. */
export function getStackEnv(folder: string): Record<string, string> {
	return {
		PULUMI_HOME: join(folder, "home"),
		PULUMI_BACKEND_URL: `file://${folder}/state`,
		PULUMI_CONFIG_PASSPHRASE: DEFAULT_PASSPHRASE,
	};
}

/** Runs work in a temporary folder. */
export async function runInFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), "device-identity-"));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Writes a stack's state into a folder as `pulumi stack export` does, and returns the file's path. */
export async function writeState(folder: string, state: Deployment): Promise<string> {
	const file = join(folder, "state.json");
	await writeFile(file, JSON.stringify(state));
	return file;
}

/** Writes a stack's state into a folder as `pulumi stack export --show-secrets` does, and returns the file's path. */
export async function writeStateWithSecrets(folder: string, { stack }: Pick<Site, "stack">): Promise<string> {
	return writeState(folder, await showStateSecrets(await stack.exportState()));
}

/** Returns the same state as `--show-secrets` exports it: each secret's JSON in plain text instead of encrypted. */
export async function showStateSecrets(state: Deployment): Promise<Deployment> {
	const { decrypt } = await makeCrypter(DEFAULT_PASSPHRASE, state.deployment.secrets_providers?.state?.salt);
	const revealSecrets = (value: Json): Json => {
		if (typeof value !== "object" || value === null) return value;
		if (Array.isArray(value)) return value.map(revealSecrets);
		const { ciphertext, ...rest } = value as { readonly [name: string]: Json };
		if (typeof ciphertext === "string") return { ...rest, plaintext: decrypt(ciphertext) };
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revealSecrets(inner)]));
	};
	const resources = (state.deployment.resources ?? []).map(({ inputs = {}, outputs = {}, ...rest }) => ({
		...rest,
		inputs: revealSecrets(inputs) as { readonly [name: string]: Json },
		outputs: revealSecrets(outputs) as { readonly [name: string]: Json },
	}));
	return { ...state, deployment: { ...state.deployment, resources } };
}
