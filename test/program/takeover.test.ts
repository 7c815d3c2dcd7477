import assert from "node:assert/strict";
import { test } from "node:test";
import {
	createStandIn,
	type Engine,
	EXIT_FAILED,
	findCli,
	type Outcome,
	type Stack,
} from "../engine/index.ts";
import { normalizeRun, type Seen, testOwnedScenario } from "./scenario.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

/** Declares a test that plays on the stand-in and, if a `pulumi` is on PATH, on that too, and compares the two. */
function testOnBothEngines(title: string, play: (engine: Engine) => Promise<unknown>): void {
	test(title, async () => {
		const ours = await play(createStandIn());
		const real = await findCli();
		if (real !== undefined)
			assert.deepEqual(ours, await play(real), "the stand-in (+) and pulumi (-) differ");
	});
}

/** Runs work with the same program in another stack, on the same hub. */
async function runInAnotherStack<Result>(
	engine: Engine,
	{ emulator: { iotHub } }: Site,
	work: (stack: Stack) => Promise<Result>,
): Promise<Result> {
	const stack = await engine.open({
		root: locateProgram("fleet"),
		stack: "prod",
		config: {
			"iothub:connectionString": { secret: iotHub.connectionString },
			"iothub:endpoint": iotHub.url,
		},
	});
	try {
		return await work(stack);
	} finally {
		await stack.dispose();
	}
}

const declare = (stack: Stack, devices: object): Promise<void> =>
	stack.setConfig("devices", { secret: JSON.stringify(devices) });

function assertEnded({ exitCode, output }: Outcome, due = 0): void {
	assert.equal(exitCode, due, output);
}

testOnBothEngines("a second stack neither adopts nor deletes devices of the first one", (engine) =>
	runAtSite(engine, { root: locateProgram("fleet") }, async (site) => {
		const { stack, emulator } = site;
		await declare(stack, { gateway: { capabilities: { iotEdge: true } }, pump: { parent: "gateway" } });
		assertEnded(await stack.up());
		const before = emulator.control.devices.list();
		return runInAnotherStack(engine, site, async (other) => {
			await declare(other, { gateway: { capabilities: { iotEdge: true } }, pump: {}, own: {} });
			const up = await other.up();
			assertEnded(up, EXIT_FAILED);
			assert.match(up.output, /gateway: Device gateway exists already and was left as it is; nothing proves/);
			assert.match(up.output, /pump: Device pump exists already[\s\S]*AlreadyExists/);
			assertEnded(await other.destroy());
			assert.deepEqual(emulator.control.devices.list(), before);
			const quiet = await stack.preview({ refresh: true, expectNoChanges: true });
			assertEnded(quiet);
			return normalizeRun(quiet, await stack.exportState());
		});
	}),
);

/** Returns the origins among the inputs in state, by resource name. No output may contain one. */
function listOrigins({ state: { deployment } }: Seen): Record<string, unknown> {
	const ours = (deployment.resources ?? []).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
	for (const { outputs = {} } of ours) assert.ok(!("__origin" in outputs));
	return Object.fromEntries(ours.map(({ urn, inputs }) => [urn.split("::").at(-1), inputs?.["__origin"]]));
}

const FLEET = "organization/owned/dev/DeviceFleet/plant";
const SINGLE = "organization/owned/dev/DeviceIdentity/tank";

testOwnedScenario(
	"the resource's identity reaches its provider, is not a change, and is restored after a refresh lost it",
	[
		{
			run: "up",
			resources: {
				plant: { type: "DeviceFleet", devices: { pump: {} } },
				tank: { type: "DeviceIdentity", status: "enabled" },
			},
			steps: ["create plant", "create tank"],
			see: (seen) => assert.deepEqual(listOrigins(seen), { plant: FLEET, tank: SINGLE }),
		},
		{
			run: "preview",
			options: { refresh: true, expectNoChanges: true },
			meanwhile({ emulator }) {
				for (const id of ["pump", "tank"]) emulator.control.devices.change(id, { statusReason: "ours" });
			},
		},
		{
			run: "refresh",
			meanwhile({ emulator }) {
				emulator.control.devices.change("tank", { status: "disabled" });
			},
			steps: ["refresh tank update"],
			see(seen) {
				assert.deepEqual(seen.outcome.operations.find(({ name }) => name === "tank")?.diffs, ["status"]);
				assert.deepEqual(listOrigins(seen), { plant: FLEET, tank: undefined });
			},
		},
		{
			run: "up",
			steps: ["update tank"],
			see(seen) {
				assert.deepEqual(seen.outcome.operations.find(({ name }) => name === "tank")?.diffs, ["status"]);
				assert.deepEqual(listOrigins(seen), { plant: FLEET, tank: SINGLE });
			},
		},
		{ run: "preview", options: { refresh: true, expectNoChanges: true }, steps: [] },
		{ run: "destroy", see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []) },
	],
);
