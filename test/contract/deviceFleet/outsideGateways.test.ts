import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UNKNOWN } from "../../../provider/values.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import {
	createDeviceFleet,
	type Devices,
	declareDeviceFleet,
	deployDeviceFleet,
	EDGE,
	takeWrites,
	withHub,
} from "./withFleet.ts";

/** Registers gateways that the fleet does not hold, and returns the scope of each by its id. */
function createGateways(hub: HubStage, ...ids: readonly string[]): Record<string, string> {
	hub.control.switches.unknownScope = "reject";
	const seeded = hub.control.devices.seed(ids.map((deviceId) => ({ deviceId, ...EDGE })));
	return Object.fromEntries(seeded.map(({ deviceId, deviceScope }) => [deviceId, String(deviceScope)]));
}

const listParents = (hub: HubStage, ...ids: readonly string[]): unknown[] =>
	ids.map((id) => hub.getDevice(id).parentScopes?.[0]);

describe("A gateway outside the fleet", () => {
	test(
		"is the parent of devices that name it, and a second plan has no changes",
		withHub(async (hub) => {
			const { north, south } = createGateways(hub, "north", "south");
			const devices = { leaf: { parent: "n" }, line: { ...EDGE, parent: "s" }, below: { parent: "line" } };
			const declared = declareDeviceFleet(devices, { gateways: { n: north, s: south } });
			const fleet = createDeviceFleet(hub);
			await fleet.up(declared);
			assert.deepEqual(listParents(hub, "leaf", "line"), [north, south]);
			assert.deepEqual(listParents(hub, "below"), [hub.getDevice("line").deviceScope]);
			hub.words.said.splice(0);
			assert.equal((await fleet.plan(declared)).step, "same");
			assert.equal(await fleet.refreshAndCompare(), false);
			assert.deepEqual(hub.words.said, []);
			assert.equal(fleet.getOutput("gateways"), undefined);
			takeWrites(hub);
			await fleet.destroy();
			assert.deepEqual(takeWrites(hub).at(-1), "DELETE line");
			assert.deepEqual(
				hub.control.devices.list().map(({ deviceId }) => deviceId),
				["north", "south"],
			);
		}),
	);

	test(
		"can be named by its scope, as an export of the hub has it",
		withHub(async (hub) => {
			const { north, south } = createGateways(hub, "north", "south");
			const devices = (scope = "") => ({
				leaf: { deviceScope: scope },
				line: { ...EDGE, parentScopes: scope === "" ? [] : [scope] },
			});
			const fleet = await deployDeviceFleet(hub, devices(north));
			assert.deepEqual(listParents(hub, "leaf", "line"), [north, north]);
			assert.equal((await fleet.plan(declareDeviceFleet(devices(north)))).step, "same");
			await fleet.up(declareDeviceFleet(devices(south)));
			assert.deepEqual(listParents(hub, "leaf", "line"), [south, south]);
			await fleet.up(declareDeviceFleet(devices()));
			assert.deepEqual(listParents(hub, "leaf", "line"), [undefined, undefined]);
		}),
	);

	test(
		"that the same run creates leaves only the devices below it unknown in the plan",
		withHub(async (hub) => {
			const { north } = createGateways(hub, "north");
			const devices = { a: { parent: "g" }, b: { status: "enabled" }, c: {}, d: { parent: "n" } };
			const fleet = await deployDeviceFleet(hub, devices, { gateways: { g: north, n: north } });
			const declared = (gateways: unknown) =>
				declareDeviceFleet(
					{ a: { parent: "g" }, b: { status: "disabled" }, d: { parent: "n" }, e: { parent: "g" } },
					{ gateways },
				);
			hub.words.said.splice(0);
			for (const unknown of [{ g: UNKNOWN, n: north }, UNKNOWN]) {
				assert.equal((await fleet.plan(declared(unknown))).step, "update");
				const below = unknown === UNKNOWN ? "a, d" : "a";
				assert.deepEqual(hub.words.said.splice(0), [
					`Resource one: 1 device to create (e), ${unknown === UNKNOWN ? 3 : 2} to change, 1 to delete (c):\n    deviceScope: ${below}\n    status: b`,
				]);
			}
			await fleet.up(declared({ g: north, n: north }));
			assert.deepEqual(takeWrites(hub).sort(), ["DELETE c", "PUT b", "PUT e"]);
		}),
	);

	test(
		"that was created again elsewhere moves its children with one write each, and they keep their keys",
		withHub(async (hub) => {
			const { north, south } = createGateways(hub, "north", "south");
			const devices = { leaf: { parent: "n" }, line: { ...EDGE, parent: "n" }, other: { parent: "s" } };
			const fleet = await deployDeviceFleet(hub, devices, { gateways: { n: north, s: south } });
			const keys = hub.getDevice("leaf").authentication;
			hub.control.devices.recreate("north");
			const { deviceScope } = hub.getDevice("north");
			assert.notEqual(deviceScope, north);
			const declared = declareDeviceFleet(devices, { gateways: { n: deviceScope, s: south } });
			hub.words.said.splice(0);
			await fleet.up(declared);
			assert.deepEqual(hub.words.said.slice(0, 1), [
				"Resource one: 2 devices to change:\n    deviceScope: leaf\n    parentScopes: line",
			]);
			assert.deepEqual(takeWrites(hub).sort(), ["PUT leaf", "PUT line"]);
			assert.deepEqual(listParents(hub, "leaf", "line", "other"), [deviceScope, deviceScope, south]);
			assert.deepEqual(hub.getDevice("leaf").authentication, keys);
			assert.equal((await fleet.plan(declared)).step, "same");
		}),
	);

	test(
		"gets a child back that somebody else moved, unless its parent is ignored",
		withHub(async (hub) => {
			const { north, south } = createGateways(hub, "north", "south");
			const declared = declareDeviceFleet({ leaf: { parent: "n" } }, { gateways: { n: north } });
			for (const ignoring of [[], ["devices[*].parent"]]) {
				hub.control.devices.remove("leaf");
				const fleet = createDeviceFleet(hub);
				fleet.ignoring = ignoring;
				await fleet.up(declared);
				hub.control.devices.change("leaf", { deviceScope: String(south) });
				hub.words.said.splice(0);
				assert.equal(await fleet.up(declared), ignoring.length === 0 ? "update" : "same");
				if (ignoring.length === 0) assert.match(hub.words.said[0] ?? "", /leaf was moved to another parent/);
				assert.deepEqual(listParents(hub, "leaf"), [ignoring.length === 0 ? north : south]);
			}
		}),
	);

	test(
		"that the fleet adopts is deleted after its children, which are not written",
		withHub(async (hub) => {
			const { gw } = createGateways(hub, "gw");
			const fleet = await deployDeviceFleet(hub, { z: { parent: "gw" } }, { gateways: { gw } });
			const declared = declareDeviceFleet({ z: { parent: "gw" }, gw: EDGE }, { adopt: true });
			await fleet.up(declared);
			assert.deepEqual(
				takeWrites(hub).filter((write) => write !== "PUT gw"),
				[],
			);
			assert.equal((await fleet.plan(declared)).step, "same");
			await fleet.destroy();
			assert.deepEqual(takeWrites(hub), ["DELETE z", "DELETE gw"]);
		}),
	);

	test(
		"may be declared by its name instead of its scope once the fleet has it, which changes state only",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { gw: EDGE });
			const { deviceScope } = hub.getDevice("gw");
			await fleet.up(declareDeviceFleet({ gw: EDGE, z: { deviceScope } }));
			takeWrites(hub);
			hub.words.said.splice(0);
			const named = declareDeviceFleet({ gw: EDGE, z: { parent: "gw" } });
			assert.equal(await fleet.up(named), "update");
			assert.deepEqual(hub.words.said, ["Resource one: 1 device to change:\n    in state only: z"]);
			assert.deepEqual(takeWrites(hub), []);
			assert.equal((await fleet.plan(named)).step, "same");
			await fleet.destroy();
			assert.deepEqual(takeWrites(hub), ["DELETE z", "DELETE gw"]);
		}),
	);

	const SCOPE = "ms-azure-iot-edge://north-1";
	const refusals: Record<string, [Devices, unknown, RegExp]> = {
		"with a parent that resembles a gateway outside": [
			{ a: { parent: "nroth" } },
			{ north: SCOPE },
			/^: a: parent is "nroth", which is not one of the fleet's devices and not one of its gateways; did you mean "north"\?$/,
		],
		"with a parent that resembles a gateway of the fleet": [
			{ a: { parent: "gw-l" }, "gw-1": EDGE, "gw-x": {} },
			{ north: SCOPE },
			/did you mean "gw-1"\?$/,
		],
		"with a gateway that has no scope": [
			{},
			{ north: "" },
			/^gateways\.north: gateways\.north has no scope; use the `deviceScope` output/,
		],
		"with a gateway by its id": [
			{},
			{ north: "north" },
			/^gateways\.north: gateways\.north "north" is not a scope;/,
		],
		"with gateways that are a list": [
			{},
			[SCOPE],
			/^gateways: gateways must be an object with the scope of each gateway/,
		],
		"with a name of a device and of a gateway": [
			{ north: EDGE, a: { parent: "north" } },
			{ north: SCOPE },
			/^: north: is one of the fleet's devices and one of its gateways;/,
		],
		"with a parent by its name and by its scope": [
			{ a: { parent: "north", deviceScope: SCOPE } },
			{ north: SCOPE },
			/^: a: parent cannot be used with deviceScope; declare the parent by its name or by its scope, not both\.$/,
		],
		"with the scope of a parent under the name for gateways": [
			{ a: { parentScopes: [SCOPE] } },
			undefined,
			/^: a: parentScopes is ignored by the hub for a device that is not a gateway/,
		],
		"with a scope that is none": [
			{ a: { deviceScope: "north" } },
			undefined,
			/^: a: deviceScope "north" is not a scope/,
		],
	};
	for (const [how, [devices, gateways, reason]] of Object.entries(refusals)) {
		test(
			`is refused before any request ${how}`,
			withHub(async (hub) => {
				const rest = gateways === undefined ? {} : { gateways };
				const { message } = await catchError(createDeviceFleet(hub).plan(declareDeviceFleet(devices, rest)));
				assert.match(message, reason);
				assert.deepEqual(hub.asked(), []);
			}),
		);
	}
});
