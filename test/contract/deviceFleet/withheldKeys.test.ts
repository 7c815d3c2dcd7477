import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	createDeviceFleetWithOrigin,
	declareDeviceFleet,
	declarePlainDevices,
	deployDeviceFleet,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const PLANT = "organization/plant/dev/DeviceFleet/plant";
const DEVICES = declarePlainDevices(2);
const CHANGED = declarePlainDevices(2, { status: "disabled" });
const REFUSED =
	/^ {4}d-0(?:, d-1)?: .*without its symmetric keys, so the credential is not allowed to read them/m;

describe("A fleet's devices whose keys are withheld", () => {
	test(
		"are not updated, and are once the keys can be read",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, DEVICES);
			const before = hub.control.devices.list();
			hub.control.switches.withheldKeys = "null";
			const { message } = await catchError(fleet.up(declareDeviceFleet(CHANGED)));
			assert.match(message, REFUSED);
			assert.deepEqual(hub.control.devices.list(), before);
			hub.control.switches.withheldKeys = "none";
			await fleet.up(declareDeviceFleet(CHANGED));
			await assertDevicesDeployed(hub, fleet, CHANGED);
			assert.deepEqual(
				hub.control.devices.list().map(({ authentication }) => authentication),
				before.map(({ authentication }) => authentication),
			);
		}),
	);
	test(
		"are not recorded as rotated",
		withHub(async (hub) => {
			const rotation = { keyType: "secondary", generation: 1 };
			const fleet = await deployDeviceFleet(hub, DEVICES);
			const before = hub.control.devices.list();
			hub.control.switches.withheldKeys = "absent";
			const { message } = await catchError(fleet.up(declareDeviceFleet(DEVICES, { rotation })));
			assert.match(message, REFUSED);
			assert.deepEqual(hub.control.devices.list(), before);
			hub.control.switches.withheldKeys = "none";
			await fleet.up(declareDeviceFleet(DEVICES, { rotation }));
			assert.deepEqual(takeWrites(hub), ["PUT d-0", "PUT d-1"]);
		}),
	);
	test(
		"are not written by an adoption",
		withHub(async (hub) => {
			for (const deviceId of ["d-0", "d-1"]) hub.seed({ deviceId });
			const before = hub.control.devices.list();
			hub.control.switches.withheldKeys = "empty";
			const fleet = createDeviceFleet(hub);
			const { message } = await catchError(fleet.up(declareDeviceFleet(CHANGED, { adopt: true })));
			assert.match(message, REFUSED);
			assert.deepEqual(hub.control.devices.list(), before);
		}),
	);
	test(
		"are created with the keys that the fleet generates, whose fingerprints state has",
		withHub(async (hub) => {
			hub.control.switches.withheldKeys = "null";
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(DEVICES));
			const withheld = fleet.known.outputs["__members"];
			hub.control.switches.withheldKeys = "none";
			await fleet.refresh();
			assert.equal(fleet.known.outputs["__members"], withheld);
		}),
	);
	test(
		"are written with keys that derive from a group's",
		withHub(async (hub) => {
			const derivedFrom = Buffer.alloc(32, 7).toString("base64");
			const fleet = await deployDeviceFleet(hub, DEVICES, { derivedFrom });
			const before = hub.control.devices.list();
			hub.control.switches.withheldKeys = "null";
			await fleet.up(declareDeviceFleet(CHANGED, { derivedFrom }));
			assert.deepEqual(
				hub.control.devices.list().map(({ authentication }) => authentication),
				before.map(({ authentication }) => authentication),
			);
		}),
	);
});
