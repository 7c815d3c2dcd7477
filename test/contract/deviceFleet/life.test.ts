import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HubStage } from "../subject/hubStage.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	declareDeviceFleet,
	declareFiftyDevices,
	declarePlainDevices,
	deployDeviceFleet,
	EDGE,
	omitDevices,
	takeWrites,
	withHub,
} from "./withFleet.ts";

/** Asserts that all of one row come before the first of the next. */
function assertRows(hub: HubStage, method: string, rows: readonly string[]): void {
	const sent = takeWrites(hub).map((write) => write.split(" "));
	assert.deepEqual([...new Set(sent.map(([how]) => how))], [method]);
	const row = sent.map(([, id = ""]) => rows.findIndex((name) => id.startsWith(name)));
	assert.equal(row.length, 50);
	assert.deepEqual(row, row.toSorted());
}

describe("A fleet", () => {
	test(
		"is created parents first, found unchanged, and deleted children first",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			const devices = declareFiftyDevices();
			assert.equal(await fleet.up(declareDeviceFleet(devices)), "create");
			assertRows(hub, "PUT", ["plant", "line", "a-sensor"]);
			await assertDevicesDeployed(hub, fleet, devices);
			await fleet.destroy();
			assertRows(hub, "DELETE", ["a-sensor", "line", "plant"]);
			assert.deepEqual(hub.control.devices.list(), []);
			assert.equal(fleet.state, undefined);
		}),
	);
	test(
		"reads only devices missing from a list and writes nothing if it is declared unchanged",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declareFiftyDevices());
			assert.equal(await fleet.up(declareDeviceFleet(declareFiftyDevices())), "same");
			assert.deepEqual(takeWrites(hub), []);
		}),
	);
	test(
		"writes only the changed, the added and the removed device",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declareFiftyDevices());
			const devices = {
				...omitDevices(declareFiftyDevices(), "a-sensor-1"),
				"a-sensor-2": { status: "disabled", parent: "line-2" },
				extra: { parent: "line-0" },
			};
			assert.equal(await fleet.up(declareDeviceFleet(devices)), "update");
			assert.deepEqual(hub.words.said.slice(-1), [
				"Resource one: 1 device to create (extra), 1 to change, 1 to delete (a-sensor-1):\n    status: a-sensor-2",
			]);
			assert.deepEqual(takeWrites(hub).sort(), ["DELETE a-sensor-1", "PUT a-sensor-2", "PUT extra"]);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"moves children to another parent with one write each",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declareFiftyDevices());
			const devices = { ...declareFiftyDevices(), "a-sensor-0": { status: "enabled", parent: "line-3" } };
			await fleet.up(declareDeviceFleet(devices));
			assert.deepEqual(takeWrites(hub), ["PUT a-sensor-0"]);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"moves the children of a gateway before the gateway is deleted",
		withHub(async (hub) => {
			const pair = { north: EDGE, south: EDGE };
			const fleet = await deployDeviceFleet(hub, {
				...pair,
				one: { parent: "north" },
				two: { parent: "north" },
			});
			const devices = {
				south: EDGE,
				one: { parent: "south" },
				two: { parent: "fresh" },
				fresh: { ...EDGE, parent: "south" },
			};
			await fleet.up(declareDeviceFleet(devices));
			const sent = takeWrites(hub);
			assert.equal(sent.at(-1), "DELETE north");
			assert.ok(sent.indexOf("PUT fresh") < sent.indexOf("PUT two"));
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"swaps a gateway with the one above it",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, {
				up: EDGE,
				down: { ...EDGE, parent: "up" },
				leaf: { parent: "down" },
			});
			const devices = { down: EDGE, up: { ...EDGE, parent: "down" }, leaf: { parent: "up" } };
			await fleet.up(declareDeviceFleet(devices));
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"moves a device below its sibling that becomes a gateway in the same run",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, {
				top: EDGE,
				one: { parent: "top" },
				two: { parent: "top" },
			});
			const devices = { top: EDGE, one: { ...EDGE, parent: "top" }, two: { parent: "one" } };
			await fleet.up(declareDeviceFleet(devices));
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"updates a gateway without changing its keys or undeclared fields",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "gw", ...EDGE, statusReason: "theirs" }]);
			const fleet = await deployDeviceFleet(hub, { gw: EDGE, top: EDGE }, { adopt: true });
			const { authentication } = hub.getDevice("gw");
			const devices = { gw: { ...EDGE, status: "disabled", parent: "top" }, top: EDGE };
			await fleet.up(declareDeviceFleet(devices, { adopt: true }));
			assert.deepEqual(hub.getDevice("gw").authentication, authentication);
			assert.equal(hub.getDevice("gw").statusReason, "theirs");
			await assertDevicesDeployed(hub, fleet, devices, { adopt: true });
		}),
	);
	test(
		"can be empty, grow, and become empty again",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, {});
			assert.equal(fleet.getOutput("count"), 0);
			await fleet.up(declareDeviceFleet(declarePlainDevices(3)));
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(3));
			await fleet.up(declareDeviceFleet({}));
			await assertDevicesDeployed(hub, fleet, {});
		}),
	);
});

describe("The plan of a fleet", () => {
	test(
		"lists twelve devices and counts the rest",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { first: {} });
			await fleet.plan(declareDeviceFleet({ first: {}, ...declarePlainDevices(500) }));
			const [told = "", ...more] = hub.words.said;
			assert.deepEqual(more, []);
			assert.match(told, /^Resource one: 500 devices to create \(d-0, d-1, (d-\d+, ){9}d-11 and 488 more\)$/);
		}),
	);
	test(
		"uses the singular for one device",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { first: {} });
			await fleet.plan(declareDeviceFleet({ first: {}, second: {} }));
			assert.deepEqual(hub.words.said, ["Resource one: 1 device to create (second)"]);
		}),
	);
	test(
		"ignores the order in which devices and their properties are declared",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { a: { status: "enabled", statusReason: "new" }, b: {} });
			const text = '{"b":{},"a":{"statusReason":"new","status":"enabled"}}';
			assert.equal(await fleet.up({ devices: text }), "same");
			assert.equal(
				fleet.known.inputs["devices"],
				'{"a":{"status":"enabled","statusReason":"new"}}\n{"b":{}}',
			);
		}),
	);
	test(
		"has an update without details for devices that are unknown in a preview",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { a: {} });
			const unknown = { devices: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
			assert.equal((await fleet.plan(unknown)).step, "update");
			assert.deepEqual(hub.asked(), []);
			assert.equal((await createDeviceFleet(hub).plan(unknown)).step, "create");
		}),
	);
	test(
		"replaces a fleet that moves to another hub, with known or unknown devices",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { a: {} });
			for (const devices of ['{"a":{}}', "04da6b54-80e4-46f7-96ec-b56ff0331ba9"]) {
				const plan = await fleet.plan({ devices, hubHostName: "other.azure-devices.net" });
				assert.deepEqual([plan.step, plan.replaces], ["replace", ["hubHostName"]]);
			}
			assert.deepEqual(hub.asked(), []);
		}),
	);
});

describe("The state of a fleet", () => {
	test(
		"has at most 200 bytes per device besides its declaration, and no keys",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(100));
			const text = JSON.stringify(fleet.known.outputs);
			assert.ok(text.length / 100 < 200, `${text.length / 100} bytes for a device`);
			for (const createKey of hub.listSecrets()) assert.ok(!text.includes(createKey));
		}),
	);
	test(
		"has fingerprints instead of declared keys",
		withHub(async (hub) => {
			const key = (letter: string) => Buffer.alloc(32, letter).toString("base64");
			const symmetricKey = { primaryKey: key("p"), secondaryKey: key("s") };
			const devices = { a: { authentication: { symmetricKey } }, b: {} };
			const fleet = await deployDeviceFleet(hub, devices);
			assert.deepEqual(hub.getDevice("a").authentication.symmetricKey, symmetricKey);
			const outputs = JSON.stringify(fleet.known.outputs);
			for (const secret of hub.listSecrets()) assert.ok(!outputs.includes(secret));
			hub.control.devices.rotateKeys("a");
			await fleet.up(declareDeviceFleet(devices));
			assert.match(hub.words.said.join("\n"), /Device a had its keys rotated outside Pulumi/);
			assert.deepEqual(hub.getDevice("a").authentication.symmetricKey, symmetricKey);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
});
