import assert from "node:assert/strict";
import type { Deployment, Engine, Json } from "../engine/index.ts";
import { testOnEngines } from "./engines.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

const DEVICES = { gateway: { capabilities: { iotEdge: true } }, pump: { parent: "gateway" } };

/** The damaged outputs of a fleet, and the error code that every command must end with. */
const DAMAGES: Readonly<Record<string, { readonly outputs: Readonly<Record<string, Json>>; code: string }>> =
	{
		"was written by a later release": { outputs: { __membersVersion: 99 }, code: "LaterState" },
		"was damaged": { outputs: { __members: '{"gateway":' }, code: "UnreadableState" },
	};

for (const [what, damage] of Object.entries(DAMAGES)) {
	testOnEngines(`every command rejects a fleet whose state ${what}, and its devices stay`, (engine) =>
		refuses(engine, damage),
	);
}

testOnEngines(
	"state without a secret mark shows no difference until the next update adds it",
	testSecretMarks,
);

async function refuses(engine: Engine, { outputs, code }: (typeof DAMAGES)[string]): Promise<void> {
	await runDeployed(engine, async ({ stack, emulator }) => {
		const sound = await stack.exportState();
		await stack.importState(withOutputs(sound, outputs));
		await stack.setConfig("devices", { secret: JSON.stringify({ ...DEVICES, extra: {} }) });
		for (const command of ["preview", "up", "refresh", "destroy"] as const) {
			const { exitCode, output } = await stack[command]();
			assert.notEqual(exitCode, 0, `${command}: ${output}`);
			assert.match(output, new RegExp(`The state of DeviceFleet .*\\[${code}\\]`, "s"), command);
			assert.equal(emulator.control.devices.list().length, 2, command);
		}
		await stack.importState(sound);
		const destroyed = await stack.destroy();
		assert.equal(destroyed.exitCode, 0, destroyed.output);
		assert.deepEqual(emulator.control.devices.list(), []);
	});
}

async function testSecretMarks(engine: Engine): Promise<void> {
	await runDeployed(engine, async ({ stack }) => {
		assert.equal(getFleetOutputs(await stack.exportState())["__membersVersion"], 1);
		await stack.importState(withOutputs(await stack.exportState(), { __membersVersion: undefined }));
		for (const outcome of [
			await stack.preview({ expectNoChanges: true }),
			await stack.refresh({ previewOnly: true, expectNoChanges: true }),
			await stack.refresh(),
			await stack.up({ expectNoChanges: true }),
		]) {
			assert.equal(outcome.exitCode, 0, outcome.output);
		}
		assert.equal(getFleetOutputs(await stack.exportState())["__membersVersion"], undefined);
		await stack.setConfig("devices", { secret: JSON.stringify({ ...DEVICES, extra: {} }) });
		assert.equal((await stack.up()).exitCode, 0);
		assert.equal(getFleetOutputs(await stack.exportState())["__membersVersion"], 1);
	});
}

function runDeployed(engine: Engine, work: (site: Site) => Promise<void>): Promise<void> {
	const config = { devices: { secret: JSON.stringify(DEVICES) } };
	return runAtSite(engine, { root: locateProgram("fleet"), config }, async (site) => {
		const { exitCode, output } = await site.stack.up();
		assert.equal(exitCode, 0, output);
		await work(site);
	});
}

/** Returns the same state with other outputs of the fleet; undefined removes one. */
function withOutputs(state: Deployment, outputs: Readonly<Record<string, Json | undefined>>): Deployment {
	const now = { ...getFleetOutputs(state), ...outputs };
	const resources = (state.deployment.resources ?? []).map((resource) =>
		resource === findFleet(state) ? { ...resource, outputs: JSON.parse(JSON.stringify(now)) } : resource,
	);
	return { ...state, deployment: { ...state.deployment, resources } };
}

function getFleetOutputs(state: Deployment): Readonly<Record<string, Json>> {
	return findFleet(state).outputs ?? {};
}

function findFleet({ deployment: { resources = [] } }: Deployment) {
	const fleet = resources.find(({ type }) => type.endsWith(":DeviceFleet"));
	assert.ok(fleet);
	return fleet;
}
