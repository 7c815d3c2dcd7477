import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Directory } from "./directory.ts";

type Texts = Readonly<Record<string, string>>;

/** The application that signs in. */
export const APPLICATION = {
	"iothub:tenantId": "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91",
	"iothub:clientId": "app",
};

/** An address at which nobody listens. */
export const NOWHERE = "https://localhost:9";

/**
 * Runs a sign-in in a process of its own and returns its output: the error, or the credential if it succeeds, and the
 * logs of all libraries.
 *
 * @param settings configuration and environment in one
 * @param directory a directory to trust
 */
export async function runSignIn(settings: Texts, directory?: Directory): Promise<string> {
	const trust = directory === undefined ? {} : { NODE_EXTRA_CA_CERTS: directory.caFile };
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		["--import", "tsx", join(__dirname, "signIn.process.ts"), JSON.stringify(settings)],
		{ env: { ...process.env, ...LOUD, ...trust, ...settings } },
	);
	return stdout + stderr;
}

/** Returns the assertions that a directory received as proof of identity. */
export function findAssertions({ heard }: Directory): string[] {
	const all = heard.flatMap((text) => [...text.matchAll(/client_assertion=([^&\s]+)/g)]);
	return [...new Set(all.map(([, value = ""]) => value))];
}

/** The work of a provider in a process of its own. */
export interface Work {
	readonly at: "hub" | "tenant";
	readonly config: Readonly<Record<string, string>>;
	/** The device or the machine that it creates. */
	readonly declared: Readonly<Record<string, unknown>>;
}

/** Returns everything that the provider prints until its work ends the process. */
export async function runProviderWork(work: Work, env: Readonly<Record<string, string>>): Promise<string> {
	const child = spawn(
		process.execPath,
		["--import", "tsx", join(__dirname, "working.process.ts"), JSON.stringify(work)],
		{ env: { ...process.env, ...env } },
	);
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => (printed += text));
	const [code] = await once(child, "close");
	assert.equal(code, 1, printed);
	return printed;
}

/** The environment that makes libraries print everything they can, except for what SECURITY.md describes. */
export const LOUD = { AZURE_LOG_LEVEL: "verbose", NODE_DEBUG: "undici" } as const;
