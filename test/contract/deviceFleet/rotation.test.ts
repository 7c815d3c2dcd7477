import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { listRotatedDevices } from "../../../provider/iothub/rotatedDevices.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	declareDeviceFleet,
	declarePlainDevices,
	deployDeviceFleet,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const DEVICES = declarePlainDevices(40);
const declareRotation = (share: number, generation = 1) => ({
	rotation: { keyType: "secondary", generation, share },
});
const getKeys = (hub: HubStage, id: string) => hub.getDevice(id).authentication.symmetricKey;

describe("A rotation of a fleet's keys", () => {
	test(
		"proceeds in waves, each of which writes only the devices that earlier waves omitted",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, DEVICES);
			const seen = new Set<string>();
			for (const share of [10, 50, 100]) {
				await fleet.up(declareDeviceFleet(DEVICES, declareRotation(share)));
				const written = takeWrites(hub);
				assert.ok(written.length > 0);
				for (const write of written) assert.ok(!seen.has(write) && seen.add(write));
				await assertDevicesDeployed(hub, fleet, DEVICES, declareRotation(share));
			}
			assert.equal(seen.size, 40);
		}),
	);
	test(
		"is reported, does not change the other key, and stores no key in state",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, DEVICES);
			const before = getKeys(hub, "d-7");
			await fleet.up(declareDeviceFleet(DEVICES, declareRotation(100)));
			assert.match(
				hub.words.said.join("\n"),
				/^Resource one: 40 devices to change:\n {4}gets a new secondary key: .* and 28 more$/,
			);
			assert.equal(getKeys(hub, "d-7").primaryKey, before.primaryKey);
			assert.notEqual(getKeys(hub, "d-7").secondaryKey, before.secondaryKey);
			const state = JSON.stringify(fleet.known.outputs);
			for (const key of hub.listSecrets()) assert.ok(!state.includes(key));
		}),
	);
	for (const keyType of ["secondary", "swap"]) {
		test(
			`is performed only for the remaining devices after a run that was killed before state was written (${keyType})`,
			withHub(async (hub) => {
				const rotation = { keyType, generation: 1 };
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(6));
				const { state } = fleet;
				await fleet.up(declareDeviceFleet(declarePlainDevices(6), { rotation: { ...rotation, share: 50 } }));
				const done = takeWrites(hub);
				assert.ok(done.length > 0 && done.length < 6);
				fleet.state = state;
				await fleet.up(declareDeviceFleet(declarePlainDevices(6), { rotation }));
				const rest = takeWrites(hub);
				assert.equal(rest.length + done.length, 6);
				assert.ok(rest.every((write) => !done.includes(write)));
				await assertDevicesDeployed(hub, fleet, declarePlainDevices(6), { rotation });
			}),
		);
	}
	for (const keyType of ["secondary", "swap"]) {
		test(
			`is performed on devices that were adopted by a query, which returns no generation id (${keyType})`,
			withHub(async (hub) => {
				hub.control.devices.seed([{ deviceId: "d-0" }, { deviceId: "d-1" }]);
				const found = (await hub.open().findAdoptable({})).toFleet().fleet;
				const fleet = createDeviceFleet(hub);
				fleet.state = { ...found, outputs: { ...found.outputs }, initErrors: [] };
				const before = getKeys(hub, "d-0");
				const rotation = { keyType, generation: 1 };
				const devices = Object.fromEntries(parseMembers(found.inputs["devices"]) ?? []);
				await fleet.up(declareDeviceFleet(devices, { rotation }));
				assert.deepEqual(takeWrites(hub), ["PUT d-0", "PUT d-1"]);
				assert.notEqual(getKeys(hub, "d-0").secondaryKey, before.secondaryKey);
				await assertDevicesDeployed(hub, fleet, devices, { rotation });
			}),
		);
	}
	test(
		"omits a device that was created while the rotation was declared, in any wave, because its keys are new",
		withHub(async (hub) => {
			const devices = declarePlainDevices(12);
			const fleet = await deployDeviceFleet(hub, devices, declareRotation(20));
			for (const share of [60, 100]) {
				await fleet.up(declareDeviceFleet(devices, declareRotation(share)));
				assert.deepEqual(takeWrites(hub), []);
				await assertDevicesDeployed(hub, fleet, devices, declareRotation(share));
			}
			await fleet.up(declareDeviceFleet(devices, declareRotation(100, 2)));
			assert.equal(takeWrites(hub).length, 12);
		}),
	);
	test(
		"reports, counts and reads only devices that a wave rotates, and the numbers of a wave agree",
		withHub(
			async (hub) => {
				const devices = declarePlainDevices(12);
				const fleet = await deployDeviceFleet(hub, devices, declareRotation(20));
				hub.words.said.length = 0;
				assert.equal(await fleet.up(declareDeviceFleet(devices, declareRotation(100))), "same");
				assert.deepEqual([...hub.words.said, ...hub.control.requests.list({ path: "/devices/d-" })], []);
				const refused = await catchError(fleet.plan(declareDeviceFleet(devices, declareRotation(100, 2))));
				assert.match(refused.message, /^iothub:maxKeyChanges allows nothing .* this run needs 12:/);
				const nextWave = await catchError(fleet.plan(declareDeviceFleet(devices, declareRotation(20, 2))));
				const needed = Number(/this run needs (\d+):/.exec(nextWave.message)?.[1]);
				const raised = createDeviceFleet(hub, { config: { "iothub:maxKeyChanges": String(needed) } });
				raised.state = fleet.state;
				await raised.up(declareDeviceFleet(devices, declareRotation(20, 2)));
				assert.match(
					hub.words.said.join("\n"),
					new RegExp(`^Resource one: ${needed} devices to change:$`, "m"),
				);
				assert.equal(takeWrites(hub).length, needed);
			},
			{ config: { "iothub:maxKeyChanges": "0" } },
		),
	);
	test(
		"is listed for each device that its waves rotated, and not for those created meanwhile",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, DEVICES);
			const rotated = new Set<string>();
			const list = () => listRotatedDevices(fleet.known.outputs);
			assert.deepEqual(list(), []);
			for (const share of [10, 50]) {
				const devices = { ...DEVICES, [`new-${share}`]: {} };
				await fleet.up(declareDeviceFleet(devices, declareRotation(share)));
				for (const write of takeWrites(hub)) {
					const [method, id = ""] = write.split(" ");
					if (method === "PUT" && !id.startsWith("new-")) rotated.add(id);
				}
				assert.deepEqual(new Set(list().map(({ deviceId }) => deviceId)), rotated);
			}
			assert.ok(list().every(({ keyType, generation }) => keyType === "secondary" && generation === 1));
		}),
	);
	test(
		"is rejected together with derived keys, once for any number of devices",
		withHub(async (hub) => {
			const derivedFrom = Buffer.alloc(32, 1).toString("base64");
			const fleet = await deployDeviceFleet(hub, {});
			const both = declareDeviceFleet(DEVICES, { ...declareRotation(100), derivedFrom });
			assert.equal(
				(await catchError(fleet.plan(both))).message,
				"rotation: rotation cannot be used with derivedFrom; to rotate derived keys, change one key of the group at a time.",
			);
		}),
	);
	test(
		"is rejected with an invalid share, and with any share for a single device",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, {});
			const wrong = await catchError(fleet.plan(declareDeviceFleet({ a: {}, b: {} }, declareRotation(110))));
			assert.equal(wrong.message, "rotation.share: rotation.share must be a percentage from 0 to 100.");
			const own = { a: { authentication: { rotation: { keyType: "swap", generation: 1 } } } };
			assert.match(
				(await catchError(fleet.plan(declareDeviceFleet(own)))).message,
				/rotation cannot be set per device/,
			);
		}),
	);
});
