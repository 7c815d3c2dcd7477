import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { listSteps, type Seen, testOwnedScenario } from "./scenario.ts";

const makeUrn = (type: string, name: string): string =>
	`urn:pulumi:dev::owned::pulumi-nodejs:dynamic/${type}::${name}`;
const makeDeviceUrn = (name: string): string => makeUrn("iothub:DeviceIdentity", name);
const makeFleetUrn = (name: string): string => makeUrn("iothub:DeviceFleet", name);

/** Returns the generations of the devices in the hub, by id. */
const listGenerations = ({ emulator }: Pick<Seen, "emulator">): Record<string, string> =>
	Object.fromEntries(
		emulator.control.devices.list().map(({ deviceId, generationId }) => [deviceId, generationId]),
	);

const PLANT = {
	gw: { type: "DeviceIdentity", capabilities: { iotEdge: true } },
	leaf: { type: "DeviceIdentity", status: "enabled", opts: { after: ["gw"] } },
	fl: { type: "DeviceFleet", devices: { x: {}, y: {} }, opts: { after: ["gw", "leaf"] } },
};

let before: Record<string, string> = {};

/** Asserts which devices were replaced since the last call, and that all others are the same. */
function compareGenerations(seen: Seen, replaced: readonly string[]): void {
	const now = listGenerations(seen);
	assert.deepEqual(Object.keys(now).sort(), Object.keys(before).sort());
	const changed = Object.keys(now).filter((id) => now[id] !== before[id]);
	assert.deepEqual(changed.sort(), [...replaced].sort());
	before = now;
}

testOwnedScenario("resources that Pulumi must replace are deleted and created again", [
	{
		run: "up",
		resources: PLANT,
		see: (seen) => {
			before = listGenerations(seen);
		},
	},
	{
		run: "up",
		options: { replace: [makeDeviceUrn("gw"), makeFleetUrn("fl")] },
		see: (seen) => compareGenerations(seen, ["gw", "x", "y"]),
	},
	{ run: "up", steps: [], see: (seen) => compareGenerations(seen, []) },
	{
		run: "up",
		meanwhile: ({ stack }) => stack.taint(makeDeviceUrn("leaf"), makeFleetUrn("fl")),
		see: (seen) => compareGenerations(seen, ["leaf", "x", "y"]),
	},
	{ run: "up", steps: [], see: (seen) => compareGenerations(seen, []) },
	{
		run: "up",
		config: { "iothub:disableOnDelete": "true" },
		options: { replace: [makeDeviceUrn("leaf"), makeFleetUrn("fl")] },
		see(seen) {
			compareGenerations(seen, ["leaf", "x", "y"]);
			assert.ok(seen.emulator.control.devices.list().every(({ status }) => status === "enabled"));
		},
	},
	{
		run: "up",
		config: { "iothub:maxDeletes": "1" },
		options: { replace: [makeFleetUrn("fl")] },
		exit: 1,
		says: [/iothub:maxDeletes allows at most 1 .* this run needs 2/],
		see(seen) {
			compareGenerations(seen, []);
			assert.ok(seen.emulator.control.devices.list().every(({ status }) => status === "enabled"));
		},
	},
	{
		run: "up",
		config: { "iothub:disableOnDelete": undefined, "iothub:maxDeletes": "1" },
		options: { replace: [makeFleetUrn("fl")] },
		exit: 1,
		says: [/iothub:maxDeletes allows at most 1 .* this run needs 2/],
		see: (seen) => compareGenerations(seen, []),
	},
]);

testOwnedScenario("a device below a gateway that is replaced stays, and gets the new scope of the gateway", [
	{
		run: "up",
		resources: {
			gw: { type: "DeviceIdentity", capabilities: { iotEdge: true } },
			leaf: { type: "DeviceIdentity", within: "gw" },
			fl: { type: "DeviceFleet", devices: { x: {}, y: {} } },
		},
		see: (seen) => {
			before = listGenerations(seen);
		},
	},
	...[{ replace: [makeDeviceUrn("gw"), makeFleetUrn("fl")] }, {}].map((options, at) => ({
		run: "up" as const,
		options,
		see(seen: Seen) {
			compareGenerations(seen, at === 0 ? ["gw", "x", "y"] : []);
			const { gw, leaf } = Object.fromEntries(
				seen.emulator.control.devices.list().map((device) => [device.deviceId, device]),
			);
			assert.ok(gw?.deviceScope);
			assert.ok(gw.deviceScope.endsWith(gw.generationId));
			assert.equal(leaf?.deviceScope, gw.deviceScope);
			if (at > 0) assert.deepEqual(listSteps(seen.outcome), []);
		},
	})),
]);

testOwnedScenario("a replacement that another resource's failure interrupts loses nothing afterwards", [
	{ run: "up", resources: { plant: { type: "DeviceFleet", devices: { s1: {}, s2: {}, s3: {} } } } },
	{
		run: "up",
		meanwhile: ({ emulator }) => {
			emulator.control.devices.seed([{ deviceId: "taken" }]);
		},
		resources: {
			plant: { type: "DeviceFleet", devices: { s1: {}, s2: {}, s3: {} } },
			taken: { type: "DeviceIdentity", opts: { after: ["plant"] } },
		},
		options: { replace: [makeFleetUrn("plant")] },
		exit: 1,
		see: (seen) => {
			before = listGenerations(seen);
		},
	},
	{
		run: "up",
		resources: { plant: { type: "DeviceFleet", devices: { s1: {}, s2: {}, s3: {} } } },
		steps: [],
		see: (seen) => compareGenerations(seen, []),
	},
]);

/** Each depends on the previous one, so that the order of reads is known when one fails. */
const CREATED_FIRST = {
	many: { type: "DeviceFleet", devices: { x: {} }, opts: { deleteBeforeReplace: false } },
	first: { type: "DeviceIdentity", opts: { deleteBeforeReplace: false, after: ["many"] } },
	kept: {
		type: "DeviceIdentity",
		opts: { retainOnDelete: true, deleteBeforeReplace: false, after: ["first"] },
	},
};

testOwnedScenario("a replacement that is created before the deletion fails and names the conflict", [
	{
		run: "up",
		resources: CREATED_FIRST,
		see: (seen) => {
			before = listGenerations(seen);
		},
	},
	...["kept", "first"].map((name) => ({
		run: "up" as const,
		options: { replace: [makeDeviceUrn(name)] },
		exit: 1,
		says: [new RegExp(`DeviceIdentity ${name} exists already.*\`deleteBeforeReplace: false\``)],
		see(seen: Seen) {
			assert.doesNotMatch(seen.outcome.output, /set `adopt: true`/);
			compareGenerations(seen, []);
		},
	})),
	{
		// The fleet proves that the devices are its own, and its old record gives them up.
		run: "up",
		options: { replace: [makeFleetUrn("many")] },
		says: [/x exists exactly as declared/, /x stays as it is: DeviceFleet many has it now/],
		see: (seen) => compareGenerations(seen, []),
	},
	{ run: "up", steps: [], see: (seen) => compareGenerations(seen, []) },
]);

const DESK = { type: "AutopilotIdentity", serialNumber: "DESK-1", adopt: true };
const listRegistrations = (seen: Pick<Seen, "emulator">): string[] =>
	seen.emulator.control.machines.list().map(({ id }) => id);
let registered: string[] = [];

testOwnedScenario("a machine that was adopted without its hash is never deleted for a replacement", [
	{
		run: "up",
		meanwhile: ({ emulator }) => {
			emulator.control.machines.seed([{ serialNumber: "DESK-1" }, { serialNumber: "DESK-2" }]);
		},
		resources: {
			desk: DESK,
			desks: {
				type: "AutopilotFleet",
				machines: { one: { serialNumber: "DESK-2" } },
				adopt: true,
				opts: { after: ["desk"] },
			},
		},
		see(seen) {
			registered = listRegistrations(seen);
			assert.equal(registered.length, 2);
		},
	},
	...[makeUrn("autopilot:AutopilotIdentity", "desk"), makeUrn("autopilot:AutopilotFleet", "desks")].map(
		(urn) => ({
			run: "up" as const,
			options: { replace: [urn] },
			exit: 1,
			says: [/was not replaced: it was adopted without its hardware hash.*\[NotReplaceable\]/],
			see: (seen: Seen) => assert.deepEqual(listRegistrations(seen), registered),
		}),
	),
	{
		run: "preview",
		resources: {
			desks: { type: "AutopilotFleet", machines: { one: { serialNumber: "DESK-2" } }, adopt: true },
			desk: {
				...DESK,
				serialNumber: "DESK-3",
				hardwareIdentifier: generateHardwareHash("DESK-3"),
				opts: { after: ["desks"] },
			},
		},
		exit: 1,
		says: [/DESK-1.* was not replaced: it was adopted without its hardware hash/],
	},
	{ run: "destroy", see: (seen) => assert.deepEqual(listRegistrations(seen), []) },
]);
