import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	declareDeviceFleet,
	declareFiftyDevices,
	declarePlainDevices,
	deployDeviceFleet,
	EDGE,
	simulateDeath,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const QUOTA = { kind: "status", status: 403, code: "DeviceMaximumQueueDepthExceeded" } as const;
const REFUSED = { kind: "status", status: 400, code: "ArgumentInvalid" } as const;
const put = (ids: string) => ({ path: `^/devices/(${ids})$`, method: "PUT" });

describe("Devices that the hub refuses", () => {
	test(
		"are reported with reasons, the others are in state, and the next run deploys only the failed ones",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			const three = ["a-sensor-1", "a-sensor-2", "a-sensor-3"];
			hub.control.faults.add({ match: put(three.join("|")), times: 3, action: REFUSED });
			const { message } = await catchError(fleet.up(declareDeviceFleet(declareFiftyDevices())));
			assert.match(message, /^3 of 50 devices failed; the others are as declared:\n/);
			for (const id of three) assert.match(message, new RegExp(`^ {4}${id}: .*400`, "m"));
			assert.equal(fleet.getOutput("count"), 47);
			assert.equal(fleet.known.initErrors.length, 1);
			hub.control.requests.reset();
			assert.equal(await fleet.up(declareDeviceFleet(declareFiftyDevices())), "update");
			assert.deepEqual(
				takeWrites(hub).sort(),
				three.map((id) => `PUT ${id}`),
			);
			assert.deepEqual(fleet.known.initErrors, []);
			await assertDevicesDeployed(hub, fleet, declareFiftyDevices());
		}),
	);
	test(
		"prevent their children from being tried, which is reported",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			hub.control.faults.add({ match: put("line-1"), action: REFUSED });
			const { message } = await catchError(fleet.up(declareDeviceFleet(declareFiftyDevices())));
			assert.match(message, /^12 of 50 devices failed/);
			assert.match(message, /^ {4}line-1: .*400/m);
			assert.match(message, /^ {4}a-sensor-1: its parent line-1 failed, so it was not tried$/m);
			assert.ok(!takeWrites(hub).includes("PUT a-sensor-1"));
			await fleet.up(declareDeviceFleet(declareFiftyDevices()));
			assert.equal(takeWrites(hub).length, 12);
			await assertDevicesDeployed(hub, fleet, declareFiftyDevices());
		}),
	);
	test(
		"leave no fleet in state if none is deployed",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			hub.control.faults.add({
				match: { path: "^/devices/", method: "PUT" },
				times: "always",
				action: QUOTA,
			});
			const { message } = await catchError(fleet.up(declareDeviceFleet(declarePlainDevices(30))));
			assert.match(message, /^30 of 30 devices failed:\n/);
			assert.match(message, /\nand 10 more$/);
			assert.equal(fleet.state, undefined);
			hub.control.faults.clear();
			assert.equal(await fleet.up(declareDeviceFleet(declarePlainDevices(30))), "create");
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(30));
		}),
	);
	test(
		"are given up at the deadline if they are throttled for ever, and the others are kept",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			hub.control.faults.add({ match: put("d-1"), times: "always", action: { kind: "throttle" } });
			const { message } = await catchError(fleet.up(declareDeviceFleet(declarePlainDevices(3))));
			assert.match(message, /^1 of 3 devices failed; the others are as declared:\n {4}d-1: .*429/);
			assert.ok(takeWrites(hub).filter((write) => write === "PUT d-1").length < 100, "it is asked seldom");
			assert.equal(fleet.getOutput("count"), 2);
			hub.control.faults.clear();
			await fleet.up(declareDeviceFleet(declarePlainDevices(3)));
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(3));
		}),
	);
	test(
		"stay in state until they are deleted",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(5));
			hub.control.faults.add({ match: { path: "^/devices/d-3$", method: "DELETE" }, action: REFUSED });
			const rest = { "d-0": { status: "enabled" } };
			const { message } = await catchError(fleet.up(declareDeviceFleet(rest)));
			assert.match(message, /^1 of 4 devices failed; the others are as declared:\n {4}d-3: .*400/);
			assert.equal(fleet.getOutput("count"), 2);
			await fleet.up(declareDeviceFleet(rest));
			await assertDevicesDeployed(hub, fleet, rest);
		}),
	);
	test(
		"keep a fleet in state if they cannot be deleted, and the next run deletes them",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(5));
			hub.control.faults.add({ match: { path: "^/devices/d-3$", method: "DELETE" }, action: REFUSED });
			const { message } = await catchError(fleet.destroy());
			assert.match(message, /^1 of 5 devices could not be deleted:\n {4}d-3: .*400/);
			assert.deepEqual(
				hub.control.devices.list().map(({ deviceId }) => deviceId),
				["d-3"],
			);
			await fleet.destroy();
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
});

describe("A gateway that is to be deleted", () => {
	const devices = { gw: EDGE, other: EDGE, leaf: { parent: "gw" }, twig: { parent: "gw" } };
	test(
		"remains while a child could not be moved, and is deleted in the next run",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, devices);
			const moved = { other: EDGE, leaf: { parent: "other" }, twig: { parent: "other" } };
			hub.control.faults.add({ match: put("leaf"), action: REFUSED });
			const { message } = await catchError(fleet.up(declareDeviceFleet(moved)));
			assert.match(message, /^2 of 3 devices failed/);
			assert.match(message, /^ {4}gw: its child leaf still exists, so it was not deleted$/m);
			assert.equal(hub.getDevice("leaf").deviceScope, hub.getDevice("gw").deviceScope);
			await fleet.up(declareDeviceFleet(moved));
			await assertDevicesDeployed(hub, fleet, moved);
		}),
	);
	test(
		"remains while a child does when the whole fleet is deleted",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, devices);
			hub.control.faults.add({ match: { path: "^/devices/leaf$", method: "DELETE" }, action: REFUSED });
			const { message } = await catchError(fleet.destroy());
			assert.match(message, /^2 of 4 devices could not be deleted/);
			const left = hub.control.devices.list().map(({ deviceId }) => deviceId);
			assert.deepEqual(left.sort(), ["gw", "leaf"]);
			await fleet.destroy();
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
});

describe("A change between plan and write", () => {
	test(
		"fails only the changed device",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(5));
			const devices = declarePlainDevices(5, { status: "disabled" });
			const plan = await fleet.plan(declareDeviceFleet(devices));
			const seize = () => void hub.control.devices.change("d-2", { statusReason: "seized" });
			hub.control.faults.add({ match: put("d-2"), action: { kind: "run", run: seize } });
			const { message } = await catchError(plan.apply());
			assert.match(
				message,
				/^1 of 5 devices failed; the others are as declared:\n {4}d-2: .*was changed by somebody else/,
			);
			assert.equal(hub.getDevice("d-2").status, "enabled");
			await fleet.up(declareDeviceFleet(devices));
			assert.equal(hub.getDevice("d-2").statusReason, "seized");
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"is not overwritten if the plan found no difference: an equal device with the same id was created again",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(3));
			const devices = { ...declarePlainDevices(3), "d-1": { status: "enabled", statusReason: "ours" } };
			const plan = await fleet.plan(declareDeviceFleet(devices));
			hub.control.devices.recreate("d-1", { statusReason: "theirs" });
			assert.match((await catchError(plan.apply())).message, /^ {4}d-1: .*was changed by somebody else/m);
			assert.equal(hub.getDevice("d-1").statusReason, "theirs");
			await fleet.up(declareDeviceFleet(devices));
			assert.match(hub.words.said.join("\n"), /Device d-1 was deleted and created again/);
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
	test(
		"of a gateway does not affect its children, because their parent exists",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { gw: EDGE, leaf: { parent: "gw" } });
			const devices = { gw: { ...EDGE, status: "disabled" }, leaf: { parent: "gw", status: "disabled" } };
			const plan = await fleet.plan(declareDeviceFleet(devices));
			const seize = () => void hub.control.devices.change("gw", { statusReason: "seized" });
			hub.control.faults.add({ match: put("gw"), action: { kind: "run", run: seize } });
			assert.match((await catchError(plan.apply())).message, /^1 of 2 devices failed/);
			assert.equal(hub.getDevice("leaf").status, "disabled");
			await fleet.up(declareDeviceFleet(devices));
			await assertDevicesDeployed(hub, fleet, devices);
		}),
	);
});

describe("An interrupted run", () => {
	for (const after of [1, 2, 20, 49]) {
		test(
			`that created ${after} of 50 devices without writing state is continued, and the claimed devices are reported`,
			withHub(async (hub) => {
				await simulateDeath(hub, after, () =>
					createDeviceFleet(hub).up(declareDeviceFleet(declareFiftyDevices())),
				);
				assert.equal(hub.control.devices.list().length, after);
				const fleet = createDeviceFleet(hub);
				assert.equal(await fleet.up(declareDeviceFleet(declareFiftyDevices())), "create");
				const said = hub.words.said.join("\n");
				const taken =
					said.match(/^(?:Resource one: )?Device \S+ exists exactly as declared; it counts/gm) ?? [];
				assert.equal(taken.length, Math.min(after, 20));
				if (after > 20) assert.match(said, new RegExp(`^and ${after - 20} more$`, "m"));
				await assertDevicesDeployed(hub, fleet, declareFiftyDevices());
			}),
		);
	}
	for (const after of [1, 7, 15, 22]) {
		test(
			`of an update that received ${after} responses is completed by the next one`,
			withHub(async (hub) => {
				const fleet = await deployDeviceFleet(hub, declareFiftyDevices());
				const before = fleet.state;
				const kept = Object.entries(declareFiftyDevices()).filter(([id]) => !/-(3|4\d)$/.test(id));
				const moved = kept.map(([id, device]) =>
					device["parent"] === "line-3" ? [id, { ...device, parent: "gate" }] : [id, device],
				);
				const devices = {
					...Object.fromEntries(moved),
					"a-sensor-0": { status: "disabled", parent: "line-0" },
					gate: EDGE,
					new: { parent: "gate" },
				};
				const { apply } = await fleet.plan(declareDeviceFleet(devices));
				await simulateDeath(hub, after, apply);
				fleet.state = before;
				await fleet.up(declareDeviceFleet(devices));
				await assertDevicesDeployed(hub, fleet, devices);
			}),
		);
	}
	for (const after of [1, 2, 3, 4, 5, 6]) {
		test(
			`under onDrift "fail" that received ${after} responses, and moved devices below gateways that it created, is continued`,
			withHub(async (hub) => {
				const rest = { onDrift: "fail" };
				const fleet = await deployDeviceFleet(
					hub,
					{ old: EDGE, one: { parent: "old" }, two: { parent: "old" } },
					rest,
				);
				const before = fleet.state;
				const devices = {
					high: EDGE,
					low: { ...EDGE, parent: "high" },
					one: { parent: "low" },
					two: { parent: "high", status: "disabled" },
				};
				const { apply } = await fleet.plan(declareDeviceFleet(devices, rest));
				await simulateDeath(hub, after, apply);
				fleet.state = before;
				await fleet.up(declareDeviceFleet(devices, rest));
				await assertDevicesDeployed(hub, fleet, devices, rest);
			}),
		);
	}
	test(
		'under onDrift "fail" does not explain a device that was moved below a gateway of somebody else',
		withHub(async (hub) => {
			const rest = { onDrift: "fail" };
			const fleet = await deployDeviceFleet(hub, { old: EDGE, one: { parent: "old" } }, rest);
			const [high] = hub.control.devices.seed([{ deviceId: "high", ...EDGE, status: "disabled" }]);
			hub.control.devices.change("one", { deviceScope: high?.deviceScope ?? "" });
			const devices = { high: { ...EDGE, status: "enabled" }, one: { parent: "high" } };
			const { message } = await catchError(fleet.plan(declareDeviceFleet(devices, rest)));
			assert.match(message, /^ {4}one: Device one was moved to another parent/m);
		}),
	);
	test(
		"does not explain a device that somebody else created, with different or equal values, unless adopt is set",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "d-1", status: "disabled" }]);
			hub.seed({ deviceId: "d-2", status: "enabled" });
			const fleet = createDeviceFleet(hub);
			const { message } = await catchError(fleet.up(declareDeviceFleet(declarePlainDevices(3))));
			assert.match(message, /^2 of 3 devices failed/);
			for (const id of ["d-1", "d-2"])
				assert.match(
					message,
					new RegExp(`^ {4}${id}: Device ${id} exists already and was left as it is; nothing`, "m"),
				);
			assert.equal(hub.getDevice("d-1").status, "disabled");
			await fleet.up(declareDeviceFleet(declarePlainDevices(3), { adopt: true }));
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(3), { adopt: true });
		}),
	);
	test(
		"does not explain an equal device that is more than a day old",
		withHub(async (hub) => {
			hub.control.clock.advance(-25 * 3_600_000);
			hub.control.devices.seed([{ deviceId: "d-0", status: "enabled" }]);
			hub.control.clock.advance(25 * 3_600_000);
			const { message } = await catchError(
				createDeviceFleet(hub).up(declareDeviceFleet(declarePlainDevices(1))),
			);
			assert.match(message, /^1 of 1 device failed:\n {4}d-0: Device d-0 exists already/);
		}),
	);
});
