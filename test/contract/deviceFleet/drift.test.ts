import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import {
	assertDevicesDeployed,
	declareDeviceFleet,
	declareFiftyDevices,
	declarePlainDevices,
	deployDeviceFleet,
	EDGE,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const LEAF = { capabilities: { iotEdge: false } };
const REASON = { status: "enabled", statusReason: "in service" };

/** Changes one device, deletes one, creates one again and changes the keys of one, all outside Pulumi. */
function changeElsewhere(hub: HubStage): void {
	const { devices } = hub.control;
	devices.change("d-1", { statusReason: "seized" });
	devices.remove("d-2");
	devices.recreate("d-3");
	devices.rotateKeys("d-4");
}

describe("Drift of a fleet", () => {
	test(
		"is reported for each device by the plan, and reverted",
		withHub(async (hub) => {
			const devices = declarePlainDevices(30, REASON);
			const fleet = await deployDeviceFleet(hub, devices);
			changeElsewhere(hub);
			const { authentication } = hub.getDevice("d-4");
			assert.equal(await fleet.up(declareDeviceFleet(devices)), "update");
			const said = hub.words.said.join("\n");
			assert.match(said, /Device d-1 was changed outside Pulumi since the last deployment:\n.*"seized" now/);
			assert.match(
				said,
				/Device d-2 was deleted outside Pulumi since the last deployment; it will be created again/,
			);
			assert.match(said, /Device d-3 was deleted and created again/);
			assert.doesNotMatch(said, /d-4/);
			assert.match(
				said,
				/^Resource one: 1 device to create \(d-2\), 2 to change:\n {4}statusReason: d-1\n {4}created again outside Pulumi: d-3$/m,
			);
			assert.deepEqual(
				takeWrites(hub)
					.filter((write) => write !== "PUT d-3")
					.sort(),
				["PUT d-1", "PUT d-2"],
			);
			assert.deepEqual(hub.getDevice("d-4").authentication, authentication);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"fails a plan with onDrift fail, which lists all differing devices and writes nothing",
		withHub(async (hub) => {
			const devices = declarePlainDevices(30, REASON);
			const fleet = await deployDeviceFleet(hub, devices, { onDrift: "fail" });
			changeElsewhere(hub);
			hub.asked();
			const { message } = await catchError(fleet.plan(declareDeviceFleet(devices, { onDrift: "fail" })));
			assert.match(message, /^3 devices cannot be planned:\n/);
			for (const id of ["d-1", "d-2", "d-3"])
				assert.match(message, new RegExp(`^ {4}${id}: Device ${id} was`, "m"));
			assert.deepEqual(takeWrites(hub), []);
		}),
	);
	test(
		"does not include a field that is declared for the first time",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { a: {} }, { onDrift: "fail" });
			hub.control.devices.rotateKeys("a");
			const devices = { a: { status: "disabled" } };
			await fleet.up(declareDeviceFleet(devices, { onDrift: "fail" }));
			await assertDevicesDeployed(hub, fleet, devices, { onDrift: "fail" });
		}),
	);
	test(
		"is reported by a refresh and stored in state, and the next plan reverts it",
		withHub(async (hub) => {
			const devices = declarePlainDevices(30, REASON);
			const fleet = await deployDeviceFleet(hub, devices);
			changeElsewhere(hub);
			await fleet.refresh();
			const told = hub.words.said.splice(0).join("\n");
			assert.match(told, /Device d-1 was changed outside Pulumi since the last deployment:\n.*"seized" now/);
			assert.match(told, /Device d-2 was deleted outside Pulumi/);
			assert.match(told, /Device d-3 was deleted and created again/);
			assert.equal(fleet.getOutput("count"), 29);
			await fleet.up(declareDeviceFleet(devices));
			assert.deepEqual(hub.words.said, [
				"Resource one: 1 device to create (d-2), 1 to change:\n    statusReason: d-1",
			]);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"does not change state for a device that a refresh cannot read",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(3));
			const before = fleet.state;
			hub.control.faults.add({
				match: { path: "/d-1$", method: "GET" },
				times: "always",
				action: { kind: "status", status: 400 },
			});
			const { message } = await catchError(fleet.refresh());
			assert.match(message, /^1 of 3 devices cannot be read:\n {4}d-1: /);
			assert.deepEqual(fleet.state, before);
		}),
	);
	for (const how of ["remove", "recreate"] as const) {
		test(
			`of a gateway (${how}) is repaired for its children in the same run`,
			withHub(async (hub) => {
				const fleet = await deployDeviceFleet(hub, declareFiftyDevices());
				hub.control.devices[how]("line-2");
				await fleet.up(declareDeviceFleet(declareFiftyDevices()));
				await assertDevicesDeployed(hub, fleet, declareFiftyDevices());
			}),
		);
	}
	test(
		"of a gateway that temporarily was a leaf device is repaired for its children, even by the run after an interrupted one",
		withHub(async (hub) => {
			const devices = { gw: EDGE, leaf: { ...LEAF, parent: "gw" } };
			const fleet = await deployDeviceFleet(hub, devices);
			const before = hub.getDevice("gw").deviceScope;
			hub.control.devices.change("gw", { capabilities: { iotEdge: false }, deviceScope: "" });
			// The first write of a run that is then interrupted.
			hub.control.devices.change("gw", { ...EDGE, deviceScope: "" });
			assert.notEqual(hub.getDevice("gw").deviceScope, before);
			await fleet.up(declareDeviceFleet(devices));
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"of a child that somebody else moved is reverted",
		withHub(async (hub) => {
			const devices = { north: EDGE, south: EDGE, leaf: { parent: "north" } };
			const fleet = await deployDeviceFleet(hub, devices);
			hub.control.devices.change("leaf", { deviceScope: hub.getDevice("south").deviceScope ?? "" });
			await fleet.up(declareDeviceFleet(devices));
			assert.match(hub.words.said[0] ?? "", /leaf was moved to another parent/);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
});
