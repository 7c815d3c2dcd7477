import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };

describe("Credentials in state", () => {
	test(
		"are stored for a device that requests it in a stack that does not store them",
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
		"are removed from state and added again without a write",
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
		"save a read before an update, and no request of any other operation",
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
		"are written by an update, which then reads only the twin",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			hub.asked();
			await resource.up({ ...PRESS, status: "disabled" });
			assert.deepEqual(hub.asked(), ["GET /twins/{id}", "PUT /devices/{id}"]);
		}),
	);
	test(
		"are not needed for the update of a device with a certificate, which needs no additional read",
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
		"are not needed to protect a change between plan and write",
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
