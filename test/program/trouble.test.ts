import assert from "node:assert/strict";
import { assertSettled, getOutputs } from "./deployment.ts";
import { type Declared, type Move, testScenario } from "./scenario.ts";

const PUMP: Declared = { pump: { status: "enabled" } };

testScenario("an existing device is left alone until the program adopts it", [
	{
		run: "up",
		declare: { ...PUMP, tank: {} },
		meanwhile: ({ emulator }) =>
			void emulator.control.devices.seed([{ deviceId: "pump", status: "disabled", statusReason: "theirs" }]),
		options: { continueOnError: true },
		exit: 1,
		says: [/DeviceIdentity pump exists already and was left as it is/, /`adopt: true`/],
		see: ({ emulator }) => assert.equal(emulator.control.devices.get("pump")?.status, "disabled"),
	},
	{
		run: "up",
		declare: { pump: { status: "enabled", adopt: true }, tank: {} },
		see(seen) {
			assertSettled(seen, seen.state);
			const { status, statusReason } = seen.emulator.control.devices.get("pump") ?? {};
			assert.deepEqual({ status, statusReason }, { status: "enabled", statusReason: "theirs" });
		},
	},
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	{ run: "preview", declare: { ...PUMP, tank: {} }, options: { expectNoChanges: true }, steps: [] },
]);

testScenario("outcomes of lost responses are found out by reading", [
	{
		run: "up",
		declare: PUMP,
		meanwhile: ({ emulator }) =>
			void emulator.control.faults.add({
				match: { method: "PUT" },
				times: 1,
				action: { kind: "status", status: 500, when: "after" },
			}),
		steps: ["create pump"],
		see(seen) {
			assertSettled(seen, seen.state);
			assert.equal(seen.requests["PUT /devices/{id}"], 1);
		},
	},
	{
		run: "up",
		declare: { pump: { status: "disabled" } },
		meanwhile: ({ emulator }) =>
			void emulator.control.faults.add({
				match: { method: "PUT" },
				times: 1,
				action: { kind: "reset", when: "after" },
			}),
		steps: ["update pump"],
		see: (seen) => assertSettled(seen, seen.state),
	},
	{
		run: "destroy",
		meanwhile: ({ emulator }) =>
			void emulator.control.faults.add({
				match: { method: "DELETE" },
				times: 1,
				action: { kind: "reset", when: "after" },
			}),
		steps: ["delete pump"],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
]);

testScenario("a partially applied update is recorded in state, and the next run completes it", [
	{
		run: "up",
		declare: {
			gw: { capabilities: { iotEdge: true } },
			hub: { capabilities: { iotEdge: true }, parentScopes: [{ scopeOf: "gw" }] },
		},
	},
	{
		run: "up",
		declare: {
			gw: { capabilities: { iotEdge: true } },
			hub: { deviceScope: { scopeOf: "gw" }, capabilities: { iotEdge: false } },
		},
		meanwhile: ({ emulator }) =>
			void emulator.control.faults.add({
				match: { method: "PUT", path: "/devices/hub" },
				nth: 2,
				times: 1,
				action: { kind: "status", status: 400, when: "before" },
			}),
		exit: 1,
		says: [/updating device "hub" in hub fleet.azure-devices.net failed/],
		see: (seen) => {
			assertSettled(seen, seen.state);
			assert.equal(
				typeof getOutputs(seen.state, "hub")["__provider"],
				"string",
				"it can still be updated and deleted",
			);
		},
	},
	{
		run: "up",
		steps: ["update hub"],
		see(seen) {
			assertSettled(seen, seen.state);
			const { devices } = seen.emulator.control;
			assert.deepEqual(devices.get("hub")?.parentScopes, [devices.get("gw")?.deviceScope]);
		},
	},
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	{ run: "destroy", see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []) },
]);

/**
 * Creates a preview that reports what is wrong with the only resource of the program; with several, the engine may stop
 * at any of them.
 */
function expectRefusal(declare: Declared, says: RegExp): Move {
	const see: Move["see"] = ({ requests, outcome }) => {
		assert.deepEqual(requests, {});
		assert.ok(!outcome.output.includes("nonsense!"), "a key is never repeated");
	};
	return { run: "preview", declare, exit: 1, says: [says], see };
}

testScenario(
	"a preview rejects what the service would reject before any request, with property, reason and remedy",
	[
		expectRefusal({ "bad id": {} }, /"bad id" contains the character " "/),
		expectRefusal(
			{
				keys: {
					authentication: {
						symmetricKey: { primaryKey: { secret: "c2hvcnQ=" }, secondaryKey: { secret: "nonsense!" } },
					},
				},
			},
			/authentication\.symmetricKey\.secondaryKey /,
		),
		expectRefusal({ typo: { statusreason: "x" } }, /"statusreason"\. Did you mean "statusReason"\?/),
	],
);

testScenario(
	"a missing setting is one clear error before any request",
	[
		{
			run: "preview",
			declare: { a: {}, b: {}, c: {} },
			exit: 1,
			says: [
				/iothub:hostName is not set, nor is iothub:connectionString/,
				/pulumi config set --secret iothub:connectionString/,
				/IOTHUB_CONNECTION_STRING/,
				/RegistryRead and RegistryWrite/,
			],
			see: ({ requests, outcome }) => {
				assert.deepEqual(requests, {});
				const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
				assert.equal(errors.filter(({ message }) => message.includes("iothub:hostName")).length, 1);
			},
		},
	],
	{ config: { "iothub:connectionString": undefined, "iothub:endpoint": undefined } },
);

testScenario("an unreachable hub loses no device", [
	{ run: "up", declare: PUMP },
	{
		run: "up",
		declare: { pump: { status: "disabled" } },
		config: { "iothub:endpoint": "http://127.0.0.1:9", "iothub:timeouts": "10s" },
		exit: 1,
		says: [/pump.* in hub fleet\.azure-devices\.net failed: .*no connection \(ECONNREFUSED\)/],
	},
]);

testScenario("an error names the policy and the permission that it lacks", [
	{
		run: "up",
		declare: PUMP,
		meanwhile: async ({ emulator, stack }) => {
			const secret = emulator.control.hub.connectionString("registryRead");
			await stack.setConfig("iothub:connectionString", { secret });
		},
		exit: 1,
		says: [/401/, /shared access policy "registryRead"/, /RegistryWrite/],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
]);

testScenario("the 2015 dialect deploys, detects drift and destroys", [
	{ run: "up", declare: PUMP, config: { "iothub:apiVersion": "2015-08-15-preview" }, steps: ["create pump"] },
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	{
		run: "up",
		meanwhile: ({ emulator }) => void emulator.control.devices.change("pump", { status: "disabled" }),
		steps: ["update pump"],
		see: (seen) => assertSettled(seen, seen.state),
	},
	{ run: "destroy", steps: ["delete pump"] },
]);
