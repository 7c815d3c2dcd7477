import assert from "node:assert/strict";
import { assertNoSecrets } from "./deployment.ts";
import { type Declared, type Move, testScenario } from "./scenario.ts";
import { locateProgram, type Site } from "./site.ts";
import { generateLongHash } from "./tenant.ts";

const DEVICES: Declared = { north: { status: "enabled" }, south: { status: "enabled" } };
const ONE: Declared = { north: { status: "enabled" } };
const MACHINES: Declared = {
	kiosk: { serialNumber: "KIOSK 1", hardwareIdentifier: generateLongHash("KIOSK 1") },
};

/** Returns the status of each device in the hub. */
const listStatuses = ({ emulator }: Site): Readonly<Record<string, string>> =>
	Object.fromEntries(emulator.control.devices.list().map(({ deviceId, status }) => [deviceId, status]));

/** Creates an `up` without any of the settings that protect devices. */
const createDeployMove = (devices: Declared): Move => ({
	run: "up",
	declare: devices,
	steps: Object.keys(devices).map((name) => `create ${name}`),
});

testScenario("a destroy obeys a limit that the environment sets after the last up", [
	createDeployMove(ONE),
	{
		run: "destroy",
		options: { env: { IOTHUB_MAX_DELETES: "0" } },
		exit: 1,
		says: [
			/iothub:maxDeletes allows nothing to be deleted in one run \(set by the environment variable IOTHUB_MAX_DELETES\)/,
			/This run needs at least 1; the total is not known/,
			/unset IOTHUB_MAX_DELETES for this run/,
		],
		see: (seen) => assert.deepEqual(listStatuses(seen), { north: "enabled" }),
	},
	{ run: "destroy", options: { env: { IOTHUB_MAX_DELETES: "1" } }, steps: ["delete north"] },
]);

testScenario(
	"a destroy disables devices if the environment says so, whatever the configuration of the last up",
	[
		{ ...createDeployMove(DEVICES), config: { "iothub:disableOnDelete": "false" } },
		{
			run: "destroy",
			options: { env: { IOTHUB_DISABLE_ON_DELETE: "true" } },
			steps: ["delete north", "delete south"],
			see: (seen) => assert.deepEqual(listStatuses(seen), { north: "disabled", south: "disabled" }),
		},
	],
);

testScenario(
	"the environment makes the stack's configuration stricter in an up, and never looser",
	[
		{ ...createDeployMove(DEVICES), config: { "iothub:maxDeletes": "0", "iothub:onDrift": "reconcile" } },
		{
			run: "up",
			declare: ONE,
			options: { env: { IOTHUB_MAX_DELETES: "9" } },
			exit: 1,
			says: [
				/iothub:maxDeletes allows nothing to be deleted in one run \(set in the stack's configuration\)/,
				/An environment variable can lower the limit, never raise it/,
			],
			see: (seen) => assert.deepEqual(listStatuses(seen), { north: "enabled", south: "enabled" }),
		},
		{
			run: "preview",
			declare: DEVICES,
			meanwhile: ({ emulator }) => void emulator.control.devices.change("north", { status: "disabled" }),
			options: { env: { IOTHUB_ON_DRIFT: "fail" } },
			exit: 1,
			says: [/Nothing was written, because onDrift is "fail"/],
		},
	],
	{ incomparable: "the order in which the engine diffs two devices varies between runs" },
);

testScenario(
	"a fleet's destroy is rejected as a whole, with the number that it needs",
	[
		{ run: "up", declare: { a: {}, b: {}, c: {} } },
		{
			run: "destroy",
			options: { env: { IOTHUB_MAX_DELETES: "2" } },
			exit: 1,
			says: [/iothub:maxDeletes allows at most 2 .*, and this run needs 3:/, /None of these was deleted/],
			see: (seen) => assert.equal(Object.keys(listStatuses(seen)).length, 3),
		},
		{ run: "destroy", options: { env: { IOTHUB_MAX_DELETES: "3" } } },
	],
	{ root: locateProgram("fleet") },
);

testScenario(
	"a destroy of machines obeys the limit that the environment sets",
	[
		{ run: "up", machines: MACHINES, steps: ["create kiosk"] },
		{
			run: "destroy",
			options: { env: { AUTOPILOT_MAX_DELETES: "0" } },
			exit: 1,
			says: [/autopilot:maxDeletes allows nothing .* environment variable AUTOPILOT_MAX_DELETES/],
			see: ({ emulator }) => assert.equal(emulator.control.machines.list().length, 1),
		},
	],
	{ root: locateProgram("machines") },
);

/** Returns the environment with the hub's current connection string. */
const createConnectionEnv = (_: AbortController, { emulator }: Site) => ({
	env: { IOTHUB_CONNECTION_STRING: emulator.control.hub.connectionString() },
});

testScenario("refresh and destroy take a key that was regenerated after the last up from the environment", [
	createDeployMove(ONE),
	{
		run: "destroy",
		meanwhile: ({ emulator }) => void emulator.control.policies.regenerate("iothubowner"),
		exit: 1,
		says: [
			/The key is from iothub:connectionString in the stack's configuration/,
			/`IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy`/,
		],
		see: (seen) => assert.deepEqual(listStatuses(seen), { north: "enabled" }),
	},
	{
		run: "refresh",
		options: createConnectionEnv,
		steps: [],
		says: [
			/Hub fleet\.azure-devices\.net cannot be used with iothub:connectionString of the stack's configuration/,
		],
	},
	{
		run: "destroy",
		options: createConnectionEnv,
		steps: ["delete north"],
		says: [/IOTHUB_CONNECTION_STRING \(shared access policy "iothubowner"\) is used instead/],
		see(seen) {
			assert.deepEqual(listStatuses(seen), {});
			const key = /;SharedAccessKey=(.+)$/.exec(seen.emulator.control.hub.connectionString())?.[1];
			assert.ok(key, "the hub's policy has a key");
			const text = seen.outcome.output + JSON.stringify(seen.state);
			assert.ok(!text.includes(key), "the new key is in plain text");
			assertNoSecrets(seen, text);
		},
	},
]);
