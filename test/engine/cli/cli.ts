import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, ProjectSpec, Stack } from "../engine.ts";
import { createChildEnv } from "../processes.ts";
import { readProject } from "../standIn/program/project.ts";
import { createStandIn, DEFAULT_PASSPHRASE } from "../standIn/standIn.ts";
import { Backend } from "./backend.ts";
import { CliStack } from "./cliStack.ts";
import { findPulumi } from "./pulumi.ts";
import { runPulumi } from "./runPulumi.ts";

/** Returns the real engine: the `pulumi` on PATH, with a file backend of its own per stack; undefined if there is none. */
export async function findCli(): Promise<Engine | undefined> {
	if ((await findPulumi()) === undefined) return undefined;
	const env = createChildEnv({ PULUMI_SKIP_UPDATE_CHECK: "true" });
	const { stdout } = await runPulumi({ args: ["version"], folder: tmpdir(), env });
	return { name: "pulumi", version: stdout.trim(), open };
}

async function open(spec: ProjectSpec): Promise<Stack> {
	const { name } = await readProject(spec.root);
	const folder = spec.stateDir ?? (await mkdtemp(join(tmpdir(), "pulumi-")));
	const passphrase = spec.passphrase ?? DEFAULT_PASSPHRASE;
	const backend = new Backend(folder, spec, name, passphrase);
	await backend.create();
	return new CliStack(backend, spec.root, passphrase);
}

/**
 * Returns the engine to run programs with: the `pulumi` on PATH, or else the stand-in. An engine requested by name is
 * returned, or it is an error.
 */
export async function findEngine(prefer?: Engine["name"]): Promise<Engine> {
	if (prefer === "stand-in") return createStandIn();
	const real = await findCli();
	if (real !== undefined) return real;
	if (prefer === "pulumi") throw new Error("PATH has no pulumi with its Node language host.");
	return createStandIn();
}
