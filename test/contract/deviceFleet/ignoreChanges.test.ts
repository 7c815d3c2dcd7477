import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resource } from "../harness/resource.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import {
	createDeviceFleet,
	type Devices,
	declareDeviceFleet,
	EDGE,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const DEVICE = { status: "enabled", statusReason: "in service" };

async function deployIgnoring(
	hub: HubStage,
	paths: readonly string[],
	devices: Devices,
	rest: Values = {},
): Promise<Resource> {
	const fleet = createDeviceFleet(hub);
	fleet.ignoring = paths;
	await fleet.up(declareDeviceFleet(devices, rest));
	takeWrites(hub);
	return fleet;
}

/** Asserts that neither a plan nor a refresh shows a change, and that nothing was written. */
async function assertIgnored(hub: HubStage, fleet: Resource, declared: Values): Promise<void> {
	hub.words.said.splice(0);
	takeWrites(hub);
	assert.equal((await fleet.plan(declared)).step, "same");
	assert.equal(await fleet.refreshAndCompare(), false);
	assert.equal(await fleet.up(declared), "same");
	assert.deepEqual(hub.words.said, []);
	assert.deepEqual(takeWrites(hub), []);
}

describe("Ignored paths of a fleet", () => {
	for (const path of [
		'devices["a.1"].status',
		"devices[*].status",
		"devices.*.status",
		'devices["a.1"]',
		"devices[*]",
		"devices",
		"*",
	]) {
		test(
			`${path} covers the status of a device, and an update of another device does not touch it`,
			withHub(async (hub) => {
				const devices = { "a.1": DEVICE, b: DEVICE };
				const fleet = await deployIgnoring(hub, [path], devices);
				hub.control.devices.change("a.1", { status: "disabled" });
				await assertIgnored(hub, fleet, declareDeviceFleet(devices));
				if (/^(devices|\*|devices\[\*\])$/.test(path)) return;
				const changed = declareDeviceFleet({
					"a.1": { ...DEVICE, status: "enabled" },
					b: { ...DEVICE, statusReason: "spare" },
				});
				assert.equal(await fleet.up(changed), "update");
				assert.deepEqual(takeWrites(hub), ["PUT b"]);
				assert.equal(hub.getDevice("a.1").status, "disabled");
			}),
		);
	}

	test(
		"a device keeps an ignored field when another of its fields changes, and gets it back once it is no longer ignored",
		withHub(async (hub) => {
			const fleet = await deployIgnoring(hub, ["devices[*].status"], { a: DEVICE });
			hub.control.devices.change("a", { status: "disabled" });
			const changed = declareDeviceFleet({ a: { statusReason: "spare" } });
			assert.equal(await fleet.up(changed), "update");
			const { status, statusReason } = hub.getDevice("a");
			assert.deepEqual([status, statusReason], ["disabled", "spare"]);
			await assertIgnored(hub, fleet, changed);
			fleet.ignoring = [];
			assert.equal(await fleet.up(declareDeviceFleet({ a: { ...DEVICE, statusReason: "spare" } })), "update");
			assert.match(hub.words.said.join("\n"), /1 device to change:\n {4}status: a/);
			assert.equal(hub.getDevice("a").status, "enabled");
		}),
	);

	test(
		"drift of a field beside an ignored one is put back, and a new device gets what is declared",
		withHub(async (hub) => {
			const fleet = await deployIgnoring(hub, ["devices[*].status"], { a: DEVICE });
			hub.control.devices.change("a", { status: "disabled", statusReason: "stolen" });
			await fleet.up(declareDeviceFleet({ a: DEVICE, b: { ...DEVICE, status: "disabled" } }));
			const [a, b] = ["a", "b"].map((id) => hub.getDevice(id));
			assert.deepEqual([a?.status, a?.statusReason, b?.status], ["disabled", "in service", "disabled"]);
		}),
	);

	test(
		"a device that is ignored as a whole is neither removed nor created, and is created again as it was declared",
		withHub(async (hub) => {
			const fleet = await deployIgnoring(hub, ['devices["a"]', 'devices["c"]'], { a: DEVICE, b: DEVICE });
			await assertIgnored(hub, fleet, declareDeviceFleet({ b: DEVICE, c: DEVICE }));
			hub.control.devices.remove("a");
			await fleet.up(declareDeviceFleet({ b: DEVICE }));
			assert.equal(hub.getDevice("a").statusReason, DEVICE.statusReason);
		}),
	);

	test(
		"an ignored parent is neither put back nor changed",
		withHub(async (hub) => {
			const devices = { north: EDGE, south: EDGE, leaf: { parent: "north" } };
			const fleet = await deployIgnoring(hub, ['devices["leaf"].parent'], devices);
			const { deviceScope } = hub.getDevice("south");
			hub.control.devices.change("leaf", { deviceScope: String(deviceScope) });
			await assertIgnored(hub, fleet, declareDeviceFleet(devices));
			await assertIgnored(hub, fleet, declareDeviceFleet({ ...devices, leaf: {} }));
			await fleet.up(declareDeviceFleet({ ...devices, leaf: { status: "disabled" } }));
			assert.deepEqual(hub.getDevice("leaf").parentScopes, [deviceScope]);
		}),
	);

	test(
		"an ignored authentication, group key or rotation leaves the keys alone",
		withHub(async (hub) => {
			const key = (letter: string) => Buffer.alloc(32, letter).toString("base64");
			for (const [paths, rest, other] of [
				[["derivedFrom"], { derivedFrom: key("g") }, { derivedFrom: key("h") }],
				[["devices[*].authentication"], { derivedFrom: key("g") }, { derivedFrom: key("g") }],
				[
					["rotation"],
					{ rotation: { keyType: "primary", generation: 1 } },
					{ rotation: { keyType: "primary", generation: 2 } },
				],
			] as const) {
				const fleet = await deployIgnoring(hub, paths, { a: {} }, rest);
				hub.control.devices.rotateKeys("a");
				await assertIgnored(hub, fleet, declareDeviceFleet({ a: {} }, other));
				await fleet.destroy();
			}
		}),
	);

	test(
		"an inspection does not report ignored fields, and a deletion is not stopped by them",
		withHub(async (hub) => {
			const fleet = await deployIgnoring(hub, ["devices[*].status"], { a: DEVICE });
			hub.control.devices.change("a", { status: "disabled" });
			const provider = hub.open().deviceFleet;
			const { id, outputs } = fleet.known;
			const members = await provider.inspectMembers(outputs, () => ({ consistency: "strong" }));
			assert.equal(members.done.get("a")?.status, "unchanged");
			assert.equal(
				(await provider.inspectResource(id, outputs, { consistency: "strong" })).status,
				"unchanged",
			);
			await fleet.up(declareDeviceFleet({}));
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
});
