import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import { withHub } from "./withHub.ts";

const PRESS = { deviceId: "press-1", status: "enabled" };
const createKeys = (letter: string) => {
	const key = Buffer.alloc(32, letter).toString("base64");
	return { type: "sas", symmetricKey: { primaryKey: key, secondaryKey: key } };
};

/** The number of writes of a device, which its etag contains. */
function readEtagCounter(etag: string): number {
	return Number(Buffer.from(etag, "base64").toString("ascii"));
}

describe("Limits of one run", () => {
	test(
		"stop a plan at the first device beyond the limit that it would disable",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				hub.asked();
				const { message } = await catchError(resource.plan({ ...PRESS, status: "disabled" }));
				assert.match(
					message,
					/^iothub:maxDisables allows nothing to be disabled.*\n {4}DeviceIdentity press-1\n/,
				);
				assert.deepEqual(hub.asked(), ["GET /twins/{id}"]);
			},
			{ config: { "iothub:maxDisables": "0" } },
		),
	);

	test(
		"count changed keys and a changed type of authentication, but not unchanged ones and new devices",
		withHub(
			async (hub) => {
				const declared = { ...PRESS, authentication: createKeys("a") };
				const resource = await hub.deploy(declared);
				await resource.up({ ...declared, statusReason: "moved" });
				for (const authentication of [createKeys("b"), { type: "certificateAuthority" }]) {
					const { message } = await catchError(resource.plan({ ...PRESS, authentication }));
					assert.match(message, /^iothub:maxKeyChanges allows nothing to get new credentials/);
				}
			},
			{ config: { "iothub:maxKeyChanges": "0" } },
		),
	);

	test(
		"do not count a declaration of the keys that the hub generated, unless state does not contain them",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				const { primaryKey, secondaryKey } = hub.getDevice("press-1").authentication.symmetricKey;
				const authentication = { type: "sas", symmetricKey: { primaryKey, secondaryKey } };
				assert.equal((await resource.plan({ ...PRESS, authentication })).step, "update");
			},
			{ config: { "iothub:maxKeyChanges": "0" } },
		),
	);

	test(
		"prevent a deletion beyond the limit from being sent",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				const { message } = await catchError(resource.destroy());
				assert.match(message, /^iothub:maxDeletes allows nothing to be deleted/);
				assert.ok(hub.getDevice("press-1"));
				assert.ok(resource.state);
			},
			{ config: { "iothub:maxDeletes": "0" } },
		),
	);
});

describe("A stack that disables instead of deleting", () => {
	const config = { "iothub:disableOnDelete": "true" };

	test(
		"keeps the device in the hub, disabled and otherwise unchanged",
		withHub(
			async (hub) => {
				const resource = await hub.deploy({ ...PRESS, statusReason: "in service" });
				const before = hub.getDevice("press-1");
				await resource.destroy();
				const after = hub.getDevice("press-1");
				assert.deepEqual([after.status, after.statusReason], ["disabled", "in service"]);
				assert.deepEqual(after.authentication, before.authentication);
				assert.equal(after.generationId, before.generationId);
				assert.equal(resource.state, undefined);
			},
			{ config },
		),
	);

	test(
		"does not write to a device that is deleted or already disabled",
		withHub(
			async (hub) => {
				const gone = await hub.deploy(PRESS);
				hub.control.devices.remove("press-1");
				await gone.destroy();
				const off = await hub.deploy({ ...PRESS, status: "disabled" });
				hub.puts();
				await off.destroy();
				assert.deepEqual(hub.puts(), []);
			},
			{ config },
		),
	);

	test(
		"disables the device once although the response is lost",
		withHub(
			async (hub) => {
				const faults = [
					{ kind: "reset", when: "after" },
					{ kind: "status", status: 503, when: "after" },
					{ kind: "status", status: 500 },
				] as const;
				for (const [at, action] of faults.entries()) {
					const resource = await hub.deploy({ ...PRESS, deviceId: `press-${at}` });
					const { etag } = hub.getDevice(`press-${at}`);
					hub.control.faults.add({ match: { route: "PUT /devices/{id}" }, action });
					await resource.destroy();
					const after = hub.getDevice(`press-${at}`);
					assert.equal(after.status, "disabled");
					assert.equal(readEtagCounter(after.etag), readEtagCounter(etag) + 1, "written once");
				}
			},
			{ config },
		),
	);

	test(
		"does not disable a device that somebody else changed since the last deployment",
		withHub(
			async (hub) => {
				const resource = await hub.deploy({ ...PRESS, statusReason: "in service" });
				hub.control.devices.change("press-1", { statusReason: "seized" });
				assert.match((await catchError(resource.destroy())).message, /was not deleted: somebody changed it/);
				assert.equal(hub.getDevice("press-1").status, "enabled");
			},
			{ config },
		),
	);

	test(
		"counts the device as disabled, not as deleted",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				assert.match((await catchError(resource.destroy())).message, /^iothub:maxDisables/);
			},
			{ config: { ...config, "iothub:maxDeletes": "0", "iothub:maxDisables": "0" } },
		),
	);
});
