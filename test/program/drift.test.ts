import assert from "node:assert/strict";
import { assertSettled } from "./deployment.ts";
import { type Declared, testScenario } from "./scenario.ts";

const FLEET: Declared = {
	gw: { capabilities: { iotEdge: true } },
	pump: { deviceScope: { scopeOf: "gw" }, status: "enabled", statusReason: "in service" },
	tank: { status: "enabled" },
};

testScenario("devices that connect, send and change their twins show no drift", [
	{ run: "up", declare: FLEET },
	{
		run: "preview",
		options: { expectNoChanges: true },
		meanwhile({ emulator: { control } }) {
			control.devices.connect("pump");
			control.devices.sendTelemetry("pump");
			control.devices.patchTwin("tank", { tags: { site: "north" } });
			control.devices.disconnect("pump");
		},
		steps: [],
	},
	{ run: "preview", options: { expectNoChanges: true, refresh: true }, steps: [] },
	{ run: "refresh", options: { expectNoChanges: true }, steps: [] },
]);

testScenario("a preview shows a declared field that somebody changed, and up reverts it", [
	{ run: "up", declare: FLEET },
	{
		run: "preview",
		options: { expectNoChanges: true },
		meanwhile: ({ emulator }) =>
			void emulator.control.devices.change("pump", { status: "disabled", statusReason: "lost" }),
		exit: 7,
		steps: ["update pump"],
		says: [
			/DeviceIdentity pump was changed outside Pulumi since the last deployment:/,
			/status: "enabled" at the last deployment, "disabled" now, "enabled" declared/,
			/statusReason: "in service" at the last deployment, "lost" now, "in service" declared/,
		],
	},
	{
		run: "preview",
		options: { expectNoChanges: true, refresh: true },
		exit: 7,
		steps: ["update pump"],
		see: ({ outcome }) => {
			const refreshed = outcome.operations.find(({ op, name }) => op === "refresh" && name === "pump");
			assert.deepEqual(refreshed?.diffs, ["status", "statusReason"]);
		},
	},
	{
		run: "up",
		steps: ["update pump"],
		see(seen) {
			assertSettled(seen, seen.state);
			assert.equal(seen.emulator.control.devices.get("pump")?.status, "enabled");
			assert.equal(seen.requests["PUT /devices/{id}"], 1);
		},
	},
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
]);

testScenario("a refresh reports a change by its property, and the next up reverts it", [
	{ run: "up", declare: FLEET },
	{
		run: "refresh",
		meanwhile: ({ emulator }) => void emulator.control.devices.change("tank", { status: "disabled" }),
		steps: ["refresh tank update"],
		see: ({ outcome }) =>
			assert.deepEqual(outcome.operations.find(({ name }) => name === "tank")?.diffs, ["status"]),
	},
	{ run: "up", steps: ["update tank"], see: (seen) => assertSettled(seen, seen.state) },
]);

testScenario("undeclared fields may change, and are kept when other fields are written", [
	{ run: "up", declare: { tank: { status: "enabled" } } },
	{
		run: "up",
		options: { expectNoChanges: true },
		meanwhile: ({ emulator }) => void emulator.control.devices.change("tank", { statusReason: "inspected" }),
		steps: [],
	},
	{
		run: "up",
		declare: { tank: { status: "disabled" } },
		steps: ["update tank"],
		see({ emulator }) {
			const { status, statusReason } = emulator.control.devices.get("tank") ?? {};
			assert.deepEqual({ status, statusReason }, { status: "disabled", statusReason: "inspected" });
		},
	},
]);

testScenario("a device that somebody deleted is recreated, and its children refer to it", [
	{ run: "up", declare: FLEET },
	{
		run: "up",
		meanwhile: ({ emulator }) => void emulator.control.devices.remove("gw"),
		says: [
			/DeviceIdentity gw was deleted outside Pulumi since the last deployment; it will be created again/,
		],
		see(seen) {
			assertSettled(seen, seen.state);
			const { devices } = seen.emulator.control;
			assert.deepEqual(devices.get("pump")?.parentScopes, [devices.get("gw")?.deviceScope]);
		},
	},
	{
		run: "refresh",
		meanwhile: ({ emulator }) => void emulator.control.devices.remove("tank"),
		steps: ["refresh tank delete"],
	},
	{ run: "up", steps: ["create tank"], see: (seen) => assertSettled(seen, seen.state) },
]);

testScenario("a device that somebody recreated is recognized by its generation", [
	{ run: "up", declare: FLEET },
	{
		run: "up",
		meanwhile: ({ emulator }) => void emulator.control.devices.recreate("gw"),
		says: [/DeviceIdentity gw was deleted and created again outside Pulumi/],
		steps: ["update gw", "update pump"],
		see(seen) {
			assertSettled(seen, seen.state);
			const { devices } = seen.emulator.control;
			assert.deepEqual(devices.get("pump")?.parentScopes, [devices.get("gw")?.deviceScope]);
		},
	},
	{
		run: "destroy",
		meanwhile: ({ emulator }) => void emulator.control.devices.recreate("tank"),
		exit: 1,
		says: [/DeviceIdentity tank was not deleted: the object that Pulumi deployed is gone/],
		see: ({ emulator }) =>
			assert.deepEqual(
				emulator.control.devices
					.list()
					.map(({ deviceId }) => deviceId)
					.includes("tank"),
				true,
			),
	},
]);

testScenario("onDrift fail stops the run and writes nothing", [
	{ run: "up", declare: { tank: { status: "enabled" } }, config: { "iothub:onDrift": "fail" } },
	{
		run: "up",
		meanwhile: ({ emulator }) => void emulator.control.devices.change("tank", { status: "disabled" }),
		exit: 1,
		says: [
			/status: "enabled" at the last deployment, "disabled" now, "enabled" declared/,
			/onDrift is "fail"/,
		],
		see: ({ emulator, requests }) => {
			assert.equal(requests["PUT /devices/{id}"] ?? 0, 0);
			assert.equal(emulator.control.devices.get("tank")?.status, "disabled");
		},
	},
]);

testScenario("a change between plan and write fails only that device, and the next run resolves it", [
	{ run: "up", declare: FLEET },
	{
		run: "up",
		declare: { ...FLEET, pump: { ...FLEET["pump"], statusReason: "pumping" }, tank: { status: "disabled" } },
		meanwhile({ emulator: { control } }) {
			const stop = control.onRequest(({ method, path }) => {
				if (method !== "PUT" || path !== "/devices/pump") return;
				stop();
				control.devices.change("pump", { statusReason: "on fire" });
			});
		},
		options: { continueOnError: true },
		exit: 1,
		says: [
			/DeviceIdentity pump was changed by somebody else after this plan was made; nothing was written/,
			/statusReason: "in service" at the last deployment, "on fire" now, "pumping" declared/,
		],
		see({ emulator }) {
			assert.equal(emulator.control.devices.get("pump")?.statusReason, "on fire");
			assert.equal(emulator.control.devices.get("tank")?.status, "disabled", "the rest goes on");
		},
	},
	{
		run: "up",
		steps: ["update pump"],
		says: [/DeviceIdentity pump was changed outside Pulumi/],
		see(seen) {
			assertSettled(seen, seen.state);
			assert.equal(seen.emulator.control.devices.get("pump")?.statusReason, "pumping");
		},
	},
]);
