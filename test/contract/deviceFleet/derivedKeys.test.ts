import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deriveDeviceKey } from "../../../provider/keys/deviceKey.ts";
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

const createKey = (letter: string) => Buffer.alloc(32, letter).toString("base64");
const [OLD, NEW] = [createKey("o"), createKey("n")];
const deriveKeys = (groupKey: string, id: string) => ({
	primaryKey: deriveDeviceKey(groupKey, id),
	secondaryKey: deriveDeviceKey(groupKey, `${id}/secondary`),
});
const OWN = { primaryKey: createKey("p"), secondaryKey: createKey("s") };
const MIXED = {
	plain: {},
	typed: { authentication: { type: "sas" } },
	own: { authentication: { symmetricKey: OWN } },
	signed: { authentication: { type: "certificateAuthority" } },
	printed: { authentication: { x509Thumbprint: { primaryThumbprint: "AB".repeat(20) } } },
};

const getKeys = (hub: HubStage, id: string) => hub.getDevice(id).authentication.symmetricKey;

describe("A fleet with keys derived from those of an enrollment group", () => {
	test(
		"derives keys for the devices that authenticate with keys and declare none",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, MIXED, { derivedFrom: OLD });
			for (const id of ["plain", "typed"]) assert.deepEqual(getKeys(hub, id), deriveKeys(OLD, id));
			assert.deepEqual(getKeys(hub, "own"), OWN);
			assert.equal(hub.getDevice("signed").authentication.type, "certificateAuthority");
			assert.equal(hub.getDevice("printed").authentication.type, "selfSigned");
			await assertDevicesDeployed(hub, fleet, MIXED, { derivedFrom: OLD });
		}),
	);
	test(
		"has neither the key of the group nor derived keys in its outputs or in its `devices` input",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(20), { derivedFrom: OLD });
			await fleet.refresh();
			const { inputs, outputs } = fleet.known;
			for (const secret of [...hub.listSecrets(), OLD]) {
				assert.ok(!JSON.stringify(outputs).includes(secret));
				assert.ok(!String(inputs["devices"]).includes(secret));
			}
			assert.equal(inputs["derivedFrom"], OLD);
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(20), { derivedFrom: OLD });
		}),
	);
	test(
		"writes each device once when the key of the group changes, and reports that the keys change",
		withHub(async (hub) => {
			const devices = { ...declarePlainDevices(3), signed: MIXED.signed };
			const fleet = await deployDeviceFleet(hub, devices, { derivedFrom: OLD });
			const next = { ...devices, "d-1": { status: "disabled" } };
			assert.equal(await fleet.up(declareDeviceFleet(next, { derivedFrom: NEW })), "update");
			assert.deepEqual(hub.words.said, [
				"Resource one: 3 devices to change:\n    gets different keys: d-0, d-2\n    status, gets different keys: d-1",
			]);
			assert.deepEqual(takeWrites(hub).sort(), ["PUT d-0", "PUT d-1", "PUT d-2"]);
			assert.deepEqual(getKeys(hub, "d-2"), deriveKeys(NEW, "d-2"));
			await assertDevicesDeployed(hub, fleet, next, { derivedFrom: NEW });
		}),
	);
	test(
		"changes no more keys than the stack allows",
		withHub(
			async (hub) => {
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(4), { derivedFrom: OLD });
				const { message } = await catchError(
					fleet.plan(declareDeviceFleet(declarePlainDevices(4), { derivedFrom: NEW })),
				);
				assert.match(message, /^iothub:maxKeyChanges allows at most 2 to get new credentials/);
				assert.deepEqual(takeWrites(hub), []);
			},
			{ config: { "iothub:maxKeyChanges": "2" } },
		),
	);
	test(
		"writes back keys that somebody else rotated, and reports their fingerprints",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(3), { derivedFrom: OLD });
			hub.control.devices.rotateKeys("d-1");
			assert.equal(
				await fleet.up(declareDeviceFleet(declarePlainDevices(3), { derivedFrom: OLD })),
				"update",
			);
			assert.match(hub.words.said.join("\n"), /Device d-1 had its keys rotated outside Pulumi/);
			assert.deepEqual(takeWrites(hub), ["PUT d-1"]);
			assert.deepEqual(getKeys(hub, "d-1"), deriveKeys(OLD, "d-1"));
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(3), { derivedFrom: OLD });
		}),
	);
	test(
		"does not change the keys when derivedFrom is removed",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(2), { derivedFrom: OLD });
			await fleet.up(declareDeviceFleet(declarePlainDevices(2)));
			assert.deepEqual(takeWrites(hub), []);
			assert.deepEqual(getKeys(hub, "d-0"), deriveKeys(OLD, "d-0"));
			await assertDevicesDeployed(hub, fleet, declarePlainDevices(2));
		}),
	);
	test(
		"has a planned update without details while the key of the group is unknown",
		withHub(async (hub) => {
			const fleet = await deployDeviceFleet(hub, { a: {} }, { derivedFrom: OLD });
			const derivedFrom = { primaryKey: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", secondaryKey: OLD };
			assert.equal((await fleet.plan(declareDeviceFleet({ a: {} }, { derivedFrom }))).step, "update");
			assert.deepEqual(hub.asked(), []);
		}),
	);
	test(
		"is rejected for an invalid key, which is reported once and not repeated, and for derivedFrom in a device",
		withHub(async (hub) => {
			const plan = (devices: Parameters<typeof declareDeviceFleet>[0], rest = {}) =>
				catchError(createDeviceFleet(hub).plan(declareDeviceFleet(devices, rest)));
			const { message } = await plan(declarePlainDevices(3), { derivedFrom: "my key" });
			assert.equal(message, ": derivedFrom is not valid base64; use a key of the enrollment group.");
			const among = await plan({ a: { authentication: { derivedFrom: OLD } } });
			assert.equal(
				among.message,
				": a: authentication.derivedFrom cannot be set per device; set it on the fleet.",
			);
		}),
	);
});
