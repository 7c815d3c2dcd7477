import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, ProjectSpec, Stack } from "../engine.ts";
import { readProject } from "./program/project.ts";
import { StandInStack } from "./stack.ts";
import { StackConfig } from "./stackConfig.ts";
import { makeCrypter } from "./state/crypter.ts";
import { ENGINE_VERSION, makeStateFile } from "./state/stateFile.ts";

/** The passphrase of stacks that name none. */
export const DEFAULT_PASSPHRASE = "passphrase";

/**
 * An engine for machines without the CLI: it does what Pulumi's engine does for programs whose resources are dynamic, with
 * the SDK's own program runner and provider host. A test double: it follows the real engine, and what it cannot do it
 * refuses in words.
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
