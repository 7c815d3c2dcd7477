import assert from "node:assert/strict";
import type { DriftReport } from "../../provider/cli/drift.report.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import type { Engine, Stack } from "../engine/index.ts";
import { runDeviceIdentity, runInFolder, writeStateWithSecrets } from "./cli.ts";
import { assertNoSecrets } from "./deployment.ts";
import { testOnEngines } from "./engines.ts";
import { locateProgram, runAtSite } from "./site.ts";

/** Two hubs, and a stack of a program that has a provider for each. */
interface Hubs {
	readonly stack: Stack;
	readonly north: Emulator;
	readonly south: Emulator;
	/** Declares devices at both hubs, with these settings besides those that reach them. */
	declare(settings: Readonly<Record<string, unknown>>, status?: string): Promise<void>;
}

async function runAtTwoHubs(engine: Engine, work: (hubs: Hubs) => Promise<void>): Promise<void> {
	const south = await startEmulator({ hostName: "south.azure-devices.net" });
	const config = {
		"iothub:connectionString": undefined,
		"iothub:endpoint": undefined,
		"pulumi:disable-default-providers": '["*"]',
	};
	try {
		await runAtSite(engine, { root: locateProgram("hubs"), config }, async ({ stack, emulator: north }) => {
			const declare: Hubs["declare"] = async (settings, status = "enabled") => {
				const hubs = Object.entries({ north, south }).map(([name, { iotHub }]) => [
					name,
					{
						settings: {
							connectionString: iotHub.connectionString,
							"iothub:endpoint": iotHub.url,
							...settings,
						},
						device: { deviceId: "press", status },
						devices: { [`${name}-1`]: { status }, shared: { status } },
					},
				]);
				await stack.setConfig("hubs", { secret: JSON.stringify(Object.fromEntries(hubs)) });
			};
			await work({ stack, north, south, declare });
		});
	} finally {
		await south.close();
	}
}

const listIds = ({ control }: Emulator): string[] => control.devices.list().map(({ deviceId }) => deviceId);

async function expectExit(operation: ReturnType<Stack["up"]>, exitCode: number): Promise<string> {
	const outcome = await operation;
	assert.equal(outcome.exitCode, exitCode, outcome.output);
	return outcome.output;
}

testOnEngines("a program manages the devices of two hubs, each with a provider of its own", (engine) =>
	runAtTwoHubs(engine, async ({ stack, north, south, declare }) => {
		await declare({ "iothub:maxDeletes": 5, "iothub:storeCredentials": false });
		await expectExit(stack.up(), 0);
		assert.deepEqual(listIds(north).sort(), ["north-1", "press", "shared"]);
		assert.deepEqual(listIds(south).sort(), ["press", "shared", "south-1"]);
		const state = JSON.stringify(await stack.exportState());
		for (const emulator of [north, south]) assertNoSecrets({ emulator, stack }, state);
		await expectExit(stack.preview({ expectNoChanges: true }), 0);
		south.control.devices.change("shared", { status: "disabled" });
		await runInFolder(async (folder) => {
			const file = await writeStateWithSecrets(folder, { stack });
			const { code, stdout, stderr } = await runDeviceIdentity([
				"drift",
				"--state",
				file,
				"--format",
				"json",
			]);
			assert.equal(code, 2, stderr);
			const { failed, devices, resources } = JSON.parse(stdout) as DriftReport;
			assert.deepEqual([failed, devices.checked, devices.changed], [0, 6, 1], stdout);
			assert.match(resources[0]?.urn ?? "", /::south-fleet$/);
			for (const emulator of [north, south]) assertNoSecrets({ emulator, stack }, stdout + stderr);
		});
		assert.match(await expectExit(stack.up(), 0), /Device shared was changed outside Pulumi/);
		assert.equal(south.control.devices.get("shared")?.status, "enabled");
		await expectExit(stack.refresh(), 0);
		await expectExit(stack.destroy(), 0);
		assert.deepEqual([...listIds(north), ...listIds(south)], []);
	}),
);

testOnEngines("messages name the settings as arguments of the provider", (engine) =>
	runAtTwoHubs(engine, async ({ stack, south, declare }) => {
		await declare({ connectionString: undefined });
		const missing = await expectExit(stack.preview(), 1);
		assert.match(missing, /iothub:hostName is not set/);
		assert.match(missing, /Give the resource's provider the argument `"iothub:hostName": "/);
		await declare({ "iothub:maxDelete": 1 });
		const unknown = await expectExit(stack.preview(), 1);
		assert.match(unknown, /Did you mean iothub:maxDeletes\? Correct the arguments of the provider/);
		await declare({ "iothub:maxDisables": 0, "iothub:onDrift": "fail" });
		await expectExit(stack.up(), 0);
		await declare({ "iothub:maxDisables": 0, "iothub:onDrift": "fail" }, "disabled");
		const limited = await expectExit(stack.preview(), 1);
		assert.match(limited, /in one run \(set in the provider's arguments\)/);
		assert.match(limited, /the provider's argument `"iothub:maxDisables"`/);
		south.control.devices.change("press", { statusReason: "stolen", status: "disabled" });
		await declare({ "iothub:onDrift": "fail" });
		const refused = await expectExit(stack.preview(), 1);
		assert.match(refused, /set the provider's argument `"iothub:onDrift": "reconcile"`/);
		for (const output of [missing, unknown, limited, refused]) assert.doesNotMatch(output, /pulumi config/);
	}),
);

testOnEngines("a resource without a provider is refused if default providers are disabled", (engine) =>
	runAtTwoHubs(engine, async ({ stack }) => {
		await stack.setConfig("hubs", { secret: JSON.stringify({ none: { device: {}, devices: {} } }) });
		const refused = await expectExit(stack.preview(), 1);
		assert.match(refused, /Default provider for 'pulumi-nodejs' disabled/);
	}),
);
