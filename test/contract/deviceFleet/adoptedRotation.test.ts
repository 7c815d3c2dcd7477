import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listRotatedDevices } from "../../../provider/iothub/rotatedDevices.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	createDeviceFleetWithOrigin,
	declareDeviceFleet,
	declarePlainDevices,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const PLANT = "organization/plant/dev/DeviceFleet/plant";
const DEVICES = declarePlainDevices(6);
const IDS = Object.keys(DEVICES);

const declareAdoption = (rotation: Values = {}): Values => ({
	adopt: true,
	rotation: { keyType: "secondary", generation: 1, ...rotation },
});

const getKeys = (hub: HubStage) =>
	Object.fromEntries(
		hub.control.devices
			.list()
			.map(({ deviceId, authentication: { symmetricKey } }) => [deviceId, symmetricKey]),
	);

function seedDevices(hub: HubStage, ids = IDS): ReturnType<typeof getKeys> {
	for (const deviceId of ids) hub.seed({ deviceId });
	return getKeys(hub);
}

const listChangedIds = (
	hub: HubStage,
	before: ReturnType<typeof getKeys>,
	slot: "primaryKey" | "secondaryKey",
) => Object.keys(before).filter((id) => getKeys(hub)[id]?.[slot] !== before[id]?.[slot]);

describe("The rotation of adopted devices", () => {
	test(
		"is carried out by the adoption, reported and listed, and not on devices that the fleet creates",
		withHub(async (hub) => {
			const existing = ["d-1", "d-4"];
			const before = seedDevices(hub, existing);
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(listChangedIds(hub, before, "secondaryKey"), existing);
			assert.deepEqual(listChangedIds(hub, before, "primaryKey"), []);
			assert.match(
				hub.words.said.join("\n"),
				/^DeviceFleet plant: 2 devices \(d-1, d-4\) existed already and were adopted; 2 of them got a new secondary key \(d-1, d-4\)\. /m,
			);
			const rotated = listRotatedDevices(fleet.known.outputs).map(({ deviceId }) => deviceId);
			assert.deepEqual(rotated, existing);
			await assertDevicesDeployed(hub, fleet, DEVICES, declareAdoption());
		}),
	);
	test(
		"is carried out in waves: devices outside of a share are rotated by a later one",
		withHub(async (hub) => {
			const before = seedDevices(hub);
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption({ share: 50 })));
			const first = listChangedIds(hub, before, "secondaryKey");
			assert.ok(first.length > 0 && first.length < IDS.length);
			const between = getKeys(hub);
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			const rest = listChangedIds(hub, between, "secondaryKey");
			assert.deepEqual([...first, ...rest].sort(), IDS);
			await assertDevicesDeployed(hub, fleet, DEVICES, declareAdoption());
		}),
	);
	test(
		"is not repeated after a run that was killed before state was written",
		withHub(async (hub) => {
			seedDevices(hub);
			await createDeviceFleetWithOrigin(hub, PLANT).up(declareDeviceFleet(DEVICES, declareAdoption()));
			const after = hub.control.devices.list();
			const fleet = createDeviceFleetWithOrigin(hub, PLANT, { config: { "iothub:maxKeyChanges": "0" } });
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(hub.control.devices.list(), after);
			assert.equal(listRotatedDevices(fleet.known.outputs).length, IDS.length);
		}),
	);
	test(
		"counts as carried out on a device that an interrupted run of the fleet created, whose keys are new",
		withHub(async (hub) => {
			await createDeviceFleetWithOrigin(hub, PLANT).up(declareDeviceFleet(DEVICES));
			const before = hub.control.devices.list();
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(hub.control.devices.list(), before);
			assert.deepEqual(listRotatedDevices(fleet.known.outputs), []);
			await assertDevicesDeployed(hub, fleet, DEVICES, declareAdoption());
		}),
	);
	test(
		"is carried out on a device of the fleet that nothing proves to be from an interrupted run",
		withHub(async (hub) => {
			await createDeviceFleetWithOrigin(hub, PLANT).up(declareDeviceFleet(DEVICES));
			const before = getKeys(hub);
			hub.control.clock.advance(25 * 3_600_000);
			const clock = hub.createClock(25 * 3_600_000);
			const fleet = createDeviceFleetWithOrigin(hub, PLANT, { clock });
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(listChangedIds(hub, before, "secondaryKey"), IDS);
		}),
	);
	test(
		"keeps what another fleet of the stack already rotated when the devices move to this one",
		withHub(async (hub) => {
			const first = createDeviceFleetWithOrigin(hub, PLANT);
			await first.up(declareDeviceFleet(DEVICES));
			await first.up(declareDeviceFleet(DEVICES, declareAdoption()));
			const before = hub.control.devices.list();
			const fleet = createDeviceFleetWithOrigin(hub, `${PLANT}-2`);
			await fleet.up(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(hub.control.devices.list(), before);
		}),
	);
	for (const isCreation of [true, false]) {
		test(
			`is counted for the fleet as a whole before anything is written (${isCreation ? "create" : "update"})`,
			withHub(async (hub) => {
				const limited = (limit: number) =>
					createDeviceFleetWithOrigin(hub, PLANT, { config: { "iothub:maxKeyChanges": String(limit) } });
				const fleet = limited(2);
				if (!isCreation) await fleet.up(declareDeviceFleet({ "e-0": {} }, declareAdoption()));
				seedDevices(hub, ["d-1", "d-3", "d-5"]);
				const before = hub.control.devices.list();
				takeWrites(hub);
				const devices = isCreation ? DEVICES : { "e-0": {}, ...DEVICES };
				const program = declareDeviceFleet(devices, declareAdoption());
				const { message } = await catchError(fleet.up(program));
				assert.match(message, /^iothub:maxKeyChanges allows at most 2 .* this run needs 3:/);
				assert.match(message, /^ {4}Device d-1\n {4}Device d-3\n {4}Device d-5$/m);
				assert.deepEqual(takeWrites(hub), []);
				assert.deepEqual(hub.control.devices.list(), before);
				const raised = limited(3);
				raised.state = fleet.state;
				await raised.up(program);
				await assertDevicesDeployed(hub, raised, devices, declareAdoption());
			}),
		);
	}
	test(
		"costs no request for devices if the stack limits no changes of keys",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			await fleet.up(declareDeviceFleet({}));
			hub.control.requests.reset();
			await fleet.plan(declareDeviceFleet(DEVICES, declareAdoption()));
			assert.deepEqual(hub.control.requests.list({ path: "^/devices/d-" }), []);
		}),
	);
	test(
		"is announced by the plan for devices that exist already",
		withHub(async (hub) => {
			const fleet = createDeviceFleet(hub);
			await fleet.up(declareDeviceFleet({}));
			hub.words.said.length = 0;
			await fleet.plan(declareDeviceFleet(declarePlainDevices(2), declareAdoption()));
			await fleet.plan(declareDeviceFleet(declarePlainDevices(2), declareAdoption({ share: 0 })));
			assert.deepEqual(hub.words.said, [
				"Resource one: 2 devices to create (d-0, d-1):\n" +
					"    gets a new secondary key if it exists already and is adopted: d-0, d-1",
				"Resource one: 2 devices to create (d-0, d-1)",
			]);
		}),
	);
	test(
		"is left to the next run if it swaps the keys",
		withHub(async (hub) => {
			const before = seedDevices(hub, ["d-0", "d-1"]);
			const devices = declarePlainDevices(2);
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			const program = declareDeviceFleet(devices, declareAdoption({ keyType: "swap" }));
			await fleet.up(program);
			assert.deepEqual(getKeys(hub), before);
			assert.match(
				hub.words.said.join("\n"),
				/2 of them will get swapped keys in the next run \(d-0, d-1\)\. /,
			);
			await fleet.up(program);
			assert.deepEqual(listChangedIds(hub, before, "primaryKey"), ["d-0", "d-1"]);
			await assertDevicesDeployed(hub, fleet, devices, declareAdoption({ keyType: "swap" }));
		}),
	);
	test(
		"does not concern devices with declared or derived keys or certificates",
		withHub(async (hub) => {
			seedDevices(hub, ["derived"]);
			const derivedFrom = Buffer.alloc(32, 7).toString("base64");
			const limited = createDeviceFleet(hub, { config: { "iothub:maxKeyChanges": "0" } });
			const program = declareDeviceFleet({ derived: {} }, { adopt: true, derivedFrom });
			const { message } = await catchError(limited.up(program));
			assert.match(message, /this run needs 1:\n {4}Device derived\n/);
			const fleet = createDeviceFleet(hub);
			await fleet.up(program);
			assert.deepEqual(listRotatedDevices(fleet.known.outputs), []);
			hub.seed({ deviceId: "signed", authentication: { type: "certificateAuthority" } });
			const signed = { signed: { authentication: { type: "certificateAuthority" } } };
			const other = createDeviceFleet(hub);
			await other.up(declareDeviceFleet(signed, declareAdoption()));
			assert.deepEqual(listRotatedDevices(other.known.outputs), []);
			assert.equal(hub.getDevice("signed").authentication.type, "certificateAuthority");
		}),
	);
});
