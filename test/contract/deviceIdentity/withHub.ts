import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import type { Resource } from "../harness/resource.ts";
import { checkAfterwards } from "../scene.ts";
import { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";

/** The setup of a test's hub. */
export interface HubSetup {
	/** The configuration of each process. */
	readonly config?: Readonly<Record<string, string>>;
	/** The options of the emulator. */
	readonly emulator?: EmulatorOptions;
}

/** Runs a test with its own hub. Then asserts that no message contains a secret and every request is valid. */
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

/** Asserts that state and hub have the same device, and that a second plan finds no changes and prints nothing. */
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
