import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import type { Resource } from "../harness/resource.ts";
import { checkAfterwards } from "../scene.ts";
import { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";

/** How a test's hub is set up. */
export interface HubSetup {
	/** Configuration of every process. */
	readonly config?: Readonly<Record<string, string>>;
	/** How the emulator is started. */
	readonly emulator?: EmulatorOptions;
}

/** Runs a test with a hub of its own; afterwards no message may hold a secret and every request must be in order. */
export function withHub(
	test: (hub: HubStage) => Promise<void>,
	{ config, emulator }: HubSetup = {},
): () => Promise<void> {
	return async () => {
		const hub = await HubStage.start(config, emulator);
		try {
			await test(hub);
			const { words, problems } = hub;
			checkAfterwards({
				words,
				listSecrets: () => hub.listSecrets(),
				listProblems: () => problems,
				listRemains: () => [],
			});
		} finally {
			await hub.close();
		}
	};
}

/** State and hub tell of the same device, and the same program finds nothing to do, without a word. */
export async function assertDeviceInStep(hub: HubStage, resource: Resource, declared: Values): Promise<void> {
	const device = hub.getDevice(resource.known.id);
	assert.equal(resource.getOutput("etag"), device.etag);
	assert.equal(resource.getOutput("generationId"), device.generationId);
	assert.equal(resource.getOutput("status"), device.status);
	assert.equal(resource.getOutput("statusReason") ?? "", device.statusReason ?? "");
	const said = hub.words.said.length;
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(hub.words.said.slice(said), []);
}
