import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };

describe("Credentials in state", () => {
	test(
		"A stack can turn them off, and a device can turn them on",
		withHub(
			async (hub) => {
				const kept = await hub.deploy({ deviceId: "kept", storeCredentials: true });
				const not = await hub.deploy(PRESS);
				assert.equal(typeof kept.getOutput("primaryKey"), "string");
				assert.equal(not.getOutput("primaryKey"), undefined);
				assert.equal(not.getOutput("primaryConnectionString"), undefined);
			},
			{ config: { "iothub:storeCredentials": "false" } },
		),
	);
	test(
		"They are removed from state and added again without a write",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			const before = hub.getDevice("press");
			const without = { ...PRESS, storeCredentials: false };
			assert.equal(await resource.up(without), "update");
			assert.equal(resource.getOutput("primaryKey"), undefined);
			await assertDeviceInStep(hub, resource, without);
			assert.equal(await resource.up(PRESS), "update");
			assert.equal(resource.getOutput("primaryKey"), before.authentication.symmetricKey.primaryKey);
			await assertDeviceInStep(hub, resource, PRESS);
			assert.deepEqual(hub.getDevice("press"), before);
		}),
	);
	test(
		"Without them an update reads the device first; everything else costs the same",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				assert.deepEqual(hub.asked(), ["PUT /devices/{id}"]);
				await resource.up(PRESS);
				assert.deepEqual(hub.asked(), ["GET /twins/{id}"]);
				await resource.up({ ...PRESS, status: "disabled" });
				assert.deepEqual(hub.asked(), ["GET /twins/{id}", "GET /devices/{id}", "PUT /devices/{id}"]);
				await resource.refresh();
				assert.deepEqual(hub.asked(), ["GET /twins/{id}"]);
				await resource.destroy();
				assert.deepEqual(hub.asked(), ["DELETE /devices/{id}"]);
			},
			{ config: { "iothub:storeCredentials": "false" } },
		),
	);
	test(
		"With them an update writes what the state knows, and reads nothing but the twin",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			hub.asked();
			await resource.up({ ...PRESS, status: "disabled" });
			assert.deepEqual(hub.asked(), ["GET /twins/{id}", "PUT /devices/{id}"]);
		}),
	);
	test(
		"A certificate needs no key, so its update reads nothing more either way",
		withHub(async (hub) => {
			const declared = {
				...PRESS,
				storeCredentials: false,
				authentication: { type: "certificateAuthority" },
			};
			const resource = await hub.deploy(declared);
			hub.asked();
			await resource.up({ ...declared, status: "disabled" });
			assert.deepEqual(hub.asked(), ["GET /twins/{id}", "PUT /devices/{id}"]);
		}),
	);
	test(
		"A change between plan and write is not overwritten without them either",
		withHub(async (hub) => {
			const declared = { ...PRESS, storeCredentials: false, statusReason: "in service" };
			const resource = await hub.deploy(declared);
			const plan = await resource.plan({ ...declared, statusReason: "being repaired" });
			const before = hub.control.devices.change("press", { statusReason: "seized" });
			await assert.rejects(plan.apply(), /nothing was written[\s\S]*"seized" now/);
			assert.deepEqual(hub.getDevice("press"), before);
		}),
	);
});
