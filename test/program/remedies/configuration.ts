import assert from "node:assert/strict";
import type { Declared } from "../scenario.ts";
import type { Site } from "../site.ts";
import type { Given, WayOut } from "./wayOut.ts";

const device = { type: "DeviceIdentity", status: "enabled" };
const three = { a: device, b: device, c: device };
const fleet = { plant: { type: "DeviceFleet", devices: { a: {}, b: {}, c: {} } } };
const emptyFleet = { plant: { type: "DeviceFleet", devices: {} } };
const none = ({ emulator }: Site): void => assert.deepEqual(emulator.control.devices.list(), []);

const limited = (resources: Declared): Given => ({
	run: "up",
	resources,
	config: { "iothub:maxDeletes": "1" },
});
const LIMIT = "pulumi config set iothub:maxDeletes 1";
const RAISE = "pulumi config set iothub:maxDeletes 3";
const LIFT = "pulumi config rm iothub:maxDeletes";

/** The ways out of limits that a run exceeds. */
export const LIMIT_WAYS_OUT: readonly WayOut[] = [
	{
		code: "LimitReached",
		title: "a fleet's up names how many deletions it needs",
		given: [limited(fleet), { run: "up", resources: emptyFleet }],
		obeys: [RAISE, "pulumi up", LIMIT],
		alternatives: ["pulumi destroy --run-program"],
		see: none,
	},
	{
		code: "LimitReached",
		title: "a fleet's destroy, which is configured from state, names how many deletions it needs",
		given: [limited(fleet), { run: "destroy" }],
		obeys: [RAISE, "pulumi destroy --run-program", LIMIT],
		alternatives: ["pulumi up"],
		see: none,
	},
	{
		code: "LimitReached",
		title: "a destroy of single resources, whose total is unknown, says how to lift the limit",
		given: [limited(three), { run: "destroy" }],
		obeys: [LIFT, "pulumi preview", "pulumi destroy --run-program", LIMIT],
		alternatives: ["pulumi up"],
		see: none,
	},
	{
		code: "LimitReached",
		title: "an up that leaves no resource in the program runs with the original program",
		given: [limited(fleet), { run: "up", resources: {} }],
		obeys: [
			RAISE,
			{ printed: /first run it with the previous program/, resources: fleet },
			"pulumi up",
			{ printed: /first run it with the previous program/, resources: {} },
			"pulumi up",
		],
		alternatives: ["pulumi destroy --run-program", LIMIT],
		see: none,
	},
	{
		code: "LimitReached",
		title: "a limit in the environment is raised there",
		given: [
			{ run: "up", resources: fleet },
			{ run: "destroy", options: { env: { IOTHUB_MAX_DELETES: "1" } } },
		],
		obeys: [
			{
				printed: /set IOTHUB_MAX_DELETES to 3 for this run, or unset it/,
				act: async ({ stack }) => {
					const { exitCode, output } = await stack.destroy({ env: { IOTHUB_MAX_DELETES: "3" } });
					assert.equal(exitCode, 0, output);
				},
			},
		],
		see: none,
	},
];

const CORRECT = "pulumi config rm iothub:maxDelete";

/** The ways out of a rejected configuration. */
export const CONFIGURATION_WAYS_OUT: readonly WayOut[] = [
	{
		code: "ConfigurationError",
		title: "a misspelt key is removed before an up",
		given: [{ run: "up", resources: three, config: { "iothub:maxDelete": "1" } }],
		obeys: [
			CORRECT,
			{
				printed: /Did you mean iothub:maxDeletes\?.* and set the right key/,
				act: ({ stack }) => stack.setConfig("iothub:maxDeletes", "1"),
				carriesOut: ["pulumi config set"],
			},
			"pulumi up",
		],
		alternatives: ["pulumi destroy --run-program"],
		see: ({ emulator }) => assert.equal(emulator.control.devices.list().length, 3),
	},
	{
		code: "ConfigurationError",
		title: "a misspelt key in state does not make a stack undeletable",
		given: [
			{ run: "up", resources: three },
			{ run: "up", exit: 1, config: { "iothub:maxDelete": "1" } },
			{ run: "destroy" },
		],
		obeys: [CORRECT, "pulumi destroy --run-program"],
		alternatives: ["pulumi up"],
		see: none,
	},
];

const regenerate = ({ emulator }: Site): void => void emulator.control.policies.regenerate("iothubowner");
const fillIn = ({ emulator }: Site) => ({ "HostName=…": emulator.control.hub.connectionString() });
const SET_KEY = {
	command: "pulumi config set --secret iothub:connectionString 'HostName=…'",
	blanks: fillIn,
};
const GIVE_KEY = { command: "IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy", blanks: fillIn };

/** All commands in the message about a rejected key; each way out carries out some of them. */
const KEY_COMMANDS = [
	SET_KEY.command,
	"pulumi up",
	"pulumi destroy",
	"pulumi refresh",
	"pulumi destroy --run-program",
	GIVE_KEY.command,
];

/** The ways out of a regenerated key. */
export const KEY_WAYS_OUT: readonly WayOut[] = [
	{
		code: "ServiceError",
		title: "an up gets the current key",
		given: [
			{ run: "up", resources: { a: device } },
			{ run: "up", resources: { a: device, b: device }, meanwhile: regenerate },
		],
		obeys: [SET_KEY, "pulumi up"],
		alternatives: KEY_COMMANDS,
		see: ({ emulator }) => assert.equal(emulator.control.devices.list().length, 2),
	},
	{
		code: "ServiceError",
		title: "a preview gets the current key",
		given: [
			{ run: "up", resources: { a: device } },
			{ run: "preview", resources: { a: device, b: device }, meanwhile: regenerate },
		],
		obeys: [SET_KEY],
		alternatives: KEY_COMMANDS,
		see: async ({ stack }) => {
			const { exitCode, output } = await stack.preview();
			assert.equal(exitCode, 0, output);
		},
	},
	{
		code: "ServiceError",
		title: "a refresh gets the current key from the environment",
		given: [
			{ run: "up", resources: { a: device } },
			{ run: "refresh", meanwhile: regenerate },
		],
		obeys: [
			{
				printed: /set the connection string in the environment/,
				act: async ({ stack, emulator }) => {
					const env = { IOTHUB_CONNECTION_STRING: emulator.control.hub.connectionString() };
					const { exitCode, output } = await stack.refresh({ env });
					assert.equal(exitCode, 0, output);
				},
				carriesOut: ["pulumi refresh"],
			},
		],
		alternatives: KEY_COMMANDS,
	},
	{
		code: "ServiceError",
		title: "a destroy gets the current key from today's configuration",
		given: [
			{ run: "up", resources: { a: device } },
			{ run: "destroy", meanwhile: regenerate },
		],
		obeys: [SET_KEY, "pulumi destroy --run-program"],
		alternatives: KEY_COMMANDS,
		see: none,
	},
	{
		code: "ServiceError",
		title: "a destroy gets the current key from the environment",
		given: [
			{ run: "up", resources: { a: device } },
			{ run: "destroy", meanwhile: regenerate },
		],
		obeys: [GIVE_KEY],
		alternatives: KEY_COMMANDS,
		see: none,
	},
	{
		code: "AlreadyExists",
		title: "an existing device is adopted",
		given: [
			{
				run: "up",
				resources: { a: device },
				meanwhile: ({ emulator }) => void emulator.control.devices.seed([{ deviceId: "a" }]),
			},
		],
		obeys: [
			{
				printed: /set `adopt: true` on it/,
				resources: { a: { ...device, adopt: true } },
				afterwards: "pulumi up",
			},
		],
	},
	{
		code: "InvalidInput",
		title: "a value that the hub would reject is corrected",
		given: [{ run: "up", resources: { a: { ...device, status: "enabeld" } } }],
		obeys: [{ printed: /enabled/, resources: { a: device }, afterwards: "pulumi up" }],
	},
];
