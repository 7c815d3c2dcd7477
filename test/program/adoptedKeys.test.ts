import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { EXIT_FAILED, type Outcome, type Stack } from "../engine/index.ts";
import { testOnEngines } from "./engines.ts";
import { locateProgram, runAtSite } from "./site.ts";

const ROTATION = { keyType: "secondary", generation: 1 };

function assertEnded({ exitCode, output }: Outcome, due = 0): void {
	assert.equal(exitCode, due, output);
}

const declare = (stack: Stack, devices: object): Promise<void> =>
	stack.setConfig("devices", { secret: JSON.stringify(devices) });

const getKeys = ({ control }: Emulator, id: string) => control.devices.get(id)?.authentication.symmetricKey;

/** Asserts that only the secondary key of a device changed, and returns its keys. */
function assertRotated(emulator: Emulator, id: string, before: ReturnType<typeof getKeys>) {
	const after = getKeys(emulator, id);
	assert.equal(after?.primaryKey, before?.primaryKey);
	assert.notEqual(after?.secondaryKey, before?.secondaryKey);
	return after;
}

testOnEngines("a device that is adopted with a rotation gets the new key in the same run", (engine) =>
	runAtSite(engine, {}, async ({ stack, emulator }) => {
		emulator.control.devices.seed([{ deviceId: "press" }]);
		const before = getKeys(emulator, "press");
		await declare(stack, { press: { adopt: true, authentication: { rotation: ROTATION } } });
		await stack.setConfig("iothub:maxKeyChanges", "0");
		const refused = await stack.up();
		assertEnded(refused, EXIT_FAILED);
		assert.match(refused.output, /maxKeyChanges allows nothing to get new credentials[\s\S]*LimitReached/);
		assert.deepEqual(getKeys(emulator, "press"), before);
		await stack.setConfig("iothub:maxKeyChanges", "1");
		const preview = await stack.preview();
		assertEnded(preview);
		assert.match(preview.output, /press gets a new secondary key if it exists already and is adopted/);
		assert.deepEqual(getKeys(emulator, "press"), before);
		const up = await stack.up();
		assertEnded(up);
		assert.match(up.output, /press existed already and was adopted; it got a new secondary key/);
		const after = assertRotated(emulator, "press", before);
		assertEnded(await stack.preview({ refresh: true, expectNoChanges: true }));
		assert.deepEqual(getKeys(emulator, "press"), after);
	}),
);

testOnEngines("devices that a fleet adopts with a rotation get new keys, once", (engine) =>
	runAtSite(engine, { root: locateProgram("fleet") }, async ({ stack, emulator }) => {
		emulator.control.devices.seed([{ deviceId: "old-1" }, { deviceId: "old-2" }]);
		const before = getKeys(emulator, "old-1");
		await declare(stack, { "old-1": {}, "old-2": {}, new: {} });
		await stack.setConfig("fleet", JSON.stringify({ adopt: true, rotation: ROTATION }));
		await stack.setConfig("iothub:maxKeyChanges", "1");
		const refused = await stack.up();
		assertEnded(refused, EXIT_FAILED);
		assert.match(refused.output, /this run needs 2:/);
		assert.equal(emulator.control.devices.get("new"), undefined, "nothing was written");
		await stack.setConfig("iothub:maxKeyChanges", "2");
		const up = await stack.up();
		assertEnded(up);
		assert.match(
			up.output,
			/2 devices \(old-1, old-2\) existed already and were adopted; 2 of them got a new secondary key/,
		);
		const after = assertRotated(emulator, "old-1", before);
		assertEnded(await stack.preview({ refresh: true, expectNoChanges: true }));
		assert.deepEqual(getKeys(emulator, "old-1"), after);
	}),
);

testOnEngines("a device is not written while its keys cannot be read", (engine) =>
	runAtSite(
		engine,
		{ config: { "iothub:storeCredentials": "false" } },
		async ({ stack, emulator: { control }, emulator }) => {
			await declare(stack, { press: { statusReason: "new" } });
			assertEnded(await stack.up());
			const before = getKeys(emulator, "press");
			control.switches.withheldKeys = "null";
			await declare(stack, { press: { statusReason: "changed" } });
			const refused = await stack.up();
			assertEnded(refused, EXIT_FAILED);
			assert.match(refused.output, /without its symmetric keys[\s\S]*RegistryWrite[\s\S]*\[KeysWithheld\]/);
			assert.equal(control.devices.get("press")?.statusReason, "new");
			control.switches.withheldKeys = "none";
			assertEnded(await stack.up());
			assert.equal(control.devices.get("press")?.statusReason, "changed");
			assert.deepEqual(getKeys(emulator, "press"), before);
			assertEnded(await stack.destroy());
		},
	),
);
