import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failureOf } from "../scene.ts";
import {
	assertDeployed,
	declared,
	deployedFleet,
	dying,
	EDGE,
	fifty,
	fleetOn,
	plainDevices,
	withHub,
	writes,
} from "./withFleet.ts";

const QUOTA = { kind: "status", status: 403, code: "DeviceMaximumQueueDepthExceeded" } as const;
const REFUSED = { kind: "status", status: 400, code: "ArgumentInvalid" } as const;
const put = (ids: string) => ({ path: `^/devices/(${ids})$`, method: "PUT" });

describe("Devices that the hub refuses", () => {
	test(
		"are told with reasons, the others are in state, and the next run does only these",
		withHub(async (hub) => {
			const fleet = fleetOn(hub);
			const three = ["a-sensor-1", "a-sensor-2", "a-sensor-3"];
			hub.control.faults.add({ match: put(three.join("|")), times: 3, action: REFUSED });
			const { message } = await failureOf(fleet.up(declared(fifty())));
			assert.match(message, /^3 of 50 devices failed, the others are as declared:\n/);
			for (const id of three) assert.match(message, new RegExp(`^ {4}${id}: .*400`, "m"));
			assert.equal(fleet.output("count"), 47);
			assert.equal(fleet.known.initErrors.length, 1);
			hub.control.requests.reset();
			assert.equal(await fleet.up(declared(fifty())), "update");
			assert.deepEqual(
				writes(hub).sort(),
				three.map((id) => `PUT ${id}`),
			);
			assert.deepEqual(fleet.known.initErrors, []);
			await assertDeployed(hub, fleet, fifty());
		}),
	);
	test(
		"take their children with them, which are not tried and say so",
		withHub(async (hub) => {
			const fleet = fleetOn(hub);
			hub.control.faults.add({ match: put("line-1"), action: REFUSED });
			const { message } = await failureOf(fleet.up(declared(fifty())));
			assert.match(message, /^12 of 50 devices failed/);
			assert.match(message, /^ {4}line-1: .*400/m);
			assert.match(message, /^ {4}a-sensor-1: its parent line-1 failed, so it was not tried$/m);
			assert.ok(!writes(hub).includes("PUT a-sensor-1"));
			await fleet.up(declared(fifty()));
			assert.equal(writes(hub).length, 12);
			await assertDeployed(hub, fleet, fifty());
		}),
	);
	test(
		"from the first to the last leave no fleet",
		withHub(async (hub) => {
			const fleet = fleetOn(hub);
			hub.control.faults.add({
				match: { path: "^/devices/", method: "PUT" },
				times: "always",
				action: QUOTA,
			});
			const { message } = await failureOf(fleet.up(declared(plainDevices(30))));
			assert.match(message, /^30 of 30 devices failed:\n/);
			assert.match(message, /\nand 10 more$/);
			assert.equal(fleet.state, undefined);
			hub.control.faults.clear();
			assert.equal(await fleet.up(declared(plainDevices(30))), "create");
			await assertDeployed(hub, fleet, plainDevices(30));
		}),
	);
	test(
		"for now and never stop being throttled are given up at the deadline, calmly, and the others are kept",
		withHub(async (hub) => {
			const fleet = fleetOn(hub);
			hub.control.faults.add({ match: put("d-1"), times: "always", action: { kind: "throttle" } });
			const { message } = await failureOf(fleet.up(declared(plainDevices(3))));
			assert.match(message, /^1 of 3 devices failed, the others are as declared:\n {4}d-1: .*429/);
			assert.ok(writes(hub).filter((write) => write === "PUT d-1").length < 100, "it is asked seldom");
			assert.equal(fleet.output("count"), 2);
			hub.control.faults.clear();
			await fleet.up(declared(plainDevices(3)));
			await assertDeployed(hub, fleet, plainDevices(3));
		}),
	);
	test(
		"to be deleted stay in state until they are",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, plainDevices(5));
			hub.control.faults.add({ match: { path: "^/devices/d-3$", method: "DELETE" }, action: REFUSED });
			const rest = { "d-0": { status: "enabled" } };
			const { message } = await failureOf(fleet.up(declared(rest)));
			assert.match(message, /^1 of 4 devices failed, the others are as declared:\n {4}d-3: .*400/);
			assert.equal(fleet.output("count"), 2);
			await fleet.up(declared(rest));
			await assertDeployed(hub, fleet, rest);
		}),
	);
	test(
		"keep a fleet from going, and the next run does the rest",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, plainDevices(5));
			hub.control.faults.add({ match: { path: "^/devices/d-3$", method: "DELETE" }, action: REFUSED });
			const { message } = await failureOf(fleet.destroy());
			assert.match(message, /^1 of 5 devices not deleted:\n {4}d-3: .*400/);
			assert.deepEqual(
				hub.control.devices.list().map(({ deviceId }) => deviceId),
				["d-3"],
			);
			await fleet.destroy();
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
});

describe("A gateway that is to go", () => {
	const devices = { gw: EDGE, other: EDGE, leaf: { parent: "gw" }, twig: { parent: "gw" } };
	test(
		"stays while a child could not be moved away, and goes in the next run",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, devices);
			const moved = { other: EDGE, leaf: { parent: "other" }, twig: { parent: "other" } };
			hub.control.faults.add({ match: put("leaf"), action: REFUSED });
			const { message } = await failureOf(fleet.up(declared(moved)));
			assert.match(message, /^2 of 3 devices failed/);
			assert.match(message, /^ {4}gw: its child leaf is still there, so it was left$/m);
			assert.equal(hub.device("leaf").deviceScope, hub.device("gw").deviceScope);
			await fleet.up(declared(moved));
			await assertDeployed(hub, fleet, moved);
		}),
	);
	test(
		"with the whole fleet stays while a child does",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, devices);
			hub.control.faults.add({ match: { path: "^/devices/leaf$", method: "DELETE" }, action: REFUSED });
			const { message } = await failureOf(fleet.destroy());
			assert.match(message, /^2 of 4 devices not deleted/);
			const left = hub.control.devices.list().map(({ deviceId }) => deviceId);
			assert.deepEqual(left.sort(), ["gw", "leaf"]);
			await fleet.destroy();
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
});

describe("A change between plan and write", () => {
	test(
		"fails the device that it is about, and no other",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, plainDevices(5));
			const devices = plainDevices(5, { status: "disabled" });
			const plan = await fleet.plan(declared(devices));
			const seize = () => void hub.control.devices.change("d-2", { statusReason: "seized" });
			hub.control.faults.add({ match: put("d-2"), action: { kind: "run", run: seize } });
			const { message } = await failureOf(plan.apply());
			assert.match(
				message,
				/^1 of 5 devices failed, the others are as declared:\n {4}d-2: .*was changed by somebody else/,
			);
			assert.equal(hub.device("d-2").status, "enabled");
			await fleet.up(declared(devices));
			assert.equal(hub.device("d-2").statusReason, "seized");
			await assertDeployed(hub, fleet, devices);
		}),
	);
	test(
		"is not overwritten where the plan saw nothing: another device of the same id, just as it is declared",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, plainDevices(3));
			const devices = { ...plainDevices(3), "d-1": { status: "enabled", statusReason: "ours" } };
			const plan = await fleet.plan(declared(devices));
			hub.control.devices.recreate("d-1", { statusReason: "theirs" });
			assert.match((await failureOf(plan.apply())).message, /^ {4}d-1: .*was changed by somebody else/m);
			assert.equal(hub.device("d-1").statusReason, "theirs");
			await fleet.up(declared(devices));
			assert.match(hub.words.said.join("\n"), /Device d-1 was deleted and created again/);
			await assertDeployed(hub, fleet, devices);
		}),
	);
	test(
		"of a gateway keeps its children from nothing, for their parent is there",
		withHub(async (hub) => {
			const fleet = await deployedFleet(hub, { gw: EDGE, leaf: { parent: "gw" } });
			const devices = { gw: { ...EDGE, status: "disabled" }, leaf: { parent: "gw", status: "disabled" } };
			const plan = await fleet.plan(declared(devices));
			const seize = () => void hub.control.devices.change("gw", { statusReason: "seized" });
			hub.control.faults.add({ match: put("gw"), action: { kind: "run", run: seize } });
			assert.match((await failureOf(plan.apply())).message, /^1 of 2 devices failed/);
			assert.equal(hub.device("leaf").status, "disabled");
			await fleet.up(declared(devices));
			await assertDeployed(hub, fleet, devices);
		}),
	);
});

describe("An interrupted run", () => {
	for (const after of [1, 2, 20, 49]) {
		test(
			`that made ${after} of 50 devices without leaving any state is taken up, and says what it took over`,
			withHub(async (hub) => {
				await dying(hub, after, () => fleetOn(hub).up(declared(fifty())));
				assert.equal(hub.control.devices.list().length, after);
				const fleet = fleetOn(hub);
				assert.equal(await fleet.up(declared(fifty())), "create");
				const said = hub.words.said.join("\n");
				const taken = said.match(/^Device \S+ exists just as it is declared; taken/gm) ?? [];
				assert.equal(taken.length, Math.min(after, 20));
				if (after > 20) assert.match(said, new RegExp(`^and ${after - 20} more$`, "m"));
				await assertDeployed(hub, fleet, fifty());
			}),
		);
	}
	for (const after of [1, 7, 15, 22]) {
		test(
			`of an update that got ${after} answers is finished by the next one`,
			withHub(async (hub) => {
				const fleet = await deployedFleet(hub, fifty());
				const before = fleet.state;
				const kept = Object.entries(fifty()).filter(([id]) => !/-(3|4\d)$/.test(id));
				const moved = kept.map(([id, device]) =>
					device["parent"] === "line-3" ? [id, { ...device, parent: "gate" }] : [id, device],
				);
				const devices = {
					...Object.fromEntries(moved),
					"a-sensor-0": { status: "disabled", parent: "line-0" },
					gate: EDGE,
					new: { parent: "gate" },
				};
				const { apply } = await fleet.plan(declared(devices));
				await dying(hub, after, apply);
				fleet.state = before;
				await fleet.up(declared(devices));
				await assertDeployed(hub, fleet, devices);
			}),
		);
	}
	for (const after of [1, 2, 3, 4, 5, 6]) {
		test(
			`under onDrift "fail" that got ${after} answers, and moved devices below gateways that it made, is taken up and not refused`,
			withHub(async (hub) => {
				const rest = { onDrift: "fail" };
				const fleet = await deployedFleet(
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
				const { apply } = await fleet.plan(declared(devices, rest));
				await dying(hub, after, apply);
				fleet.state = before;
				await fleet.up(declared(devices, rest));
				await assertDeployed(hub, fleet, devices, rest);
			}),
		);
	}
	test(
		'under onDrift "fail" is no excuse for who moved a device below a gateway that somebody else made',
		withHub(async (hub) => {
			const rest = { onDrift: "fail" };
			const fleet = await deployedFleet(hub, { old: EDGE, one: { parent: "old" } }, rest);
			const [high] = hub.control.devices.seed([{ deviceId: "high", ...EDGE, status: "disabled" }]);
			hub.control.devices.change("one", { deviceScope: high?.deviceScope ?? "" });
			const devices = { high: { ...EDGE, status: "enabled" }, one: { parent: "high" } };
			const { message } = await failureOf(fleet.plan(declared(devices, rest)));
			assert.match(message, /^ {4}one: Device one was moved to another parent/m);
		}),
	);
	test(
		"is no excuse for a device that somebody else made, with other values or the same, unless it is to be adopted",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "d-1", status: "disabled" }]);
			hub.seed({ deviceId: "d-2", status: "enabled" });
			const fleet = fleetOn(hub);
			const { message } = await failureOf(fleet.up(declared(plainDevices(3))));
			assert.match(message, /^2 of 3 devices failed/);
			for (const id of ["d-1", "d-2"])
				assert.match(
					message,
					new RegExp(`^ {4}${id}: Device ${id} exists already and was left as it is, for nothing`, "m"),
				);
			assert.equal(hub.device("d-1").status, "disabled");
			await fleet.up(declared(plainDevices(3), { adopt: true }));
			await assertDeployed(hub, fleet, plainDevices(3), { adopt: true });
		}),
	);
	test(
		"was not a day ago: a device of the same values that is older is somebody else's",
		withHub(async (hub) => {
			hub.control.clock.advance(-25 * 3_600_000);
			hub.control.devices.seed([{ deviceId: "d-0", status: "enabled" }]);
			hub.control.clock.advance(25 * 3_600_000);
			const { message } = await failureOf(fleetOn(hub).up(declared(plainDevices(1))));
			assert.match(message, /^1 of 1 device failed:\n {4}d-0: Device d-0 exists already/);
		}),
	);
});
