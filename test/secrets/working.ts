import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a provider in a process of its own is to work on. */
export interface Work {
	readonly at: "hub" | "tenant";
	readonly config: Readonly<Record<string, string>>;
	/** The device or the machine that it makes. */
	readonly declared: Readonly<Record<string, unknown>>;
}

/** All that the provider prints until it dies of its work. */
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
