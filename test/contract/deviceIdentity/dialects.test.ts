import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CheckFailed } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };
const OLD = { config: { "iothub:apiVersion": "2015-08-15-preview" } };

describe("The api-version 2015-08-15-preview", () => {
	test(
		"encodes keys and status under its own names",
		withHub(async (hub) => {
			const symmetricKey = {
				primaryKey: Buffer.alloc(32, 1).toString("base64"),
				secondaryKey: Buffer.alloc(32, 2).toString("base64"),
			};
			await hub.deploy({ ...PRESS, status: "disabled", authentication: { symmetricKey } });
			const { primaryKey: primary, secondaryKey: secondary } = symmetricKey;
			assert.deepEqual(hub.puts(), [
				{ deviceId: "press", auth: { symKey: { primary, secondary } }, status: "disabled" },
			]);
		}, OLD),
	);
	for (const [property, declared] of Object.entries({
		"authentication.type": { authentication: { type: "certificateAuthority" } },
		"capabilities.iotEdge": { capabilities: { iotEdge: true } },
		deviceScope: { deviceScope: "ms-azure-iot-edge://north-1" },
		parentScopes: { capabilities: { iotEdge: true }, parentScopes: ["ms-azure-iot-edge://north-1"] },
	})) {
		test(
			`does not support ${property}, which is rejected before any request`,
			withHub(async (hub) => {
				const error = await catchError(hub.deploy({ ...PRESS, ...declared }));
				assert.ok(error instanceof CheckFailed);
				assert.match(error.message, new RegExp(`^${property.replace(".", "\\.")}: .*2021-04-12`, "m"));
				assert.deepEqual(hub.asked(), []);
			}, OLD),
		);
	}
	test(
		"does not remove the certificate of a device, which it does not support",
		withHub(async (hub) => {
			hub.seed({ ...PRESS, authentication: { type: "certificateAuthority" } });
			const before = hub.getDevice("press");
			const { message } = await catchError(hub.deploy({ ...PRESS, status: "disabled", adopt: true }));
			assert.match(message, /press.*iothub:apiVersion|iothub:apiVersion.*press/s);
			assert.deepEqual(hub.getDevice("press"), before);
		}, OLD),
	);
	test(
		"does not change keys in an update, with or without credentials in state",
		withHub(async (hub) => {
			for (const storeCredentials of [true, false]) {
				const declared = { deviceId: `press-${storeCredentials}`, storeCredentials };
				const resource = await hub.deploy(declared);
				const { authentication } = hub.getDevice(declared.deviceId);
				await resource.up({ ...declared, status: "disabled" });
				assert.deepEqual(hub.getDevice(declared.deviceId).authentication, authentication);
				await assertDeviceInStep(hub, resource, { ...declared, status: "disabled" });
			}
		}, OLD),
	);
});

describe("A stack that changes from one api-version to the other", () => {
	test(
		"has no changes to deploy, in either direction",
		withHub(async (hub) => {
			const declared = { ...PRESS, statusReason: "in service" };
			const resource = await hub.deploy(declared, OLD);
			const newer = hub.createResource();
			newer.state = resource.state;
			await assertDeviceInStep(hub, newer, declared);
			await newer.up({ ...declared, statusReason: "being repaired" });
			resource.state = newer.state;
			await assertDeviceInStep(hub, resource, { ...declared, statusReason: "being repaired" });
		}),
	);
	test(
		"keeps the parent and the capability that the older api-version does not return",
		withHub(async (hub) => {
			const { deviceScope: north } = hub.seed({ deviceId: "north", capabilities: { iotEdge: true } });
			hub.seed({ ...PRESS, ...(north && { deviceScope: north }) });
			for (const deviceId of ["north", "press"]) {
				const old = await hub.deploy({ deviceId, adopt: true }, OLD);
				const newer = hub.createResource();
				newer.state = old.state;
				await newer.up({ deviceId, status: "disabled" });
				assert.equal(hub.getDevice(deviceId).status, "disabled");
				assert.equal(hub.getDevice(deviceId).deviceScope, north);
				assert.equal(hub.getDevice(deviceId).capabilities.iotEdge, deviceId === "north");
			}
		}),
	);
});

describe("A device that cannot be read for some seconds after its creation", () => {
	const lagging = { emulator: { switches: { createdReadLag: 3_000 } } };

	for (const when of ["before", "after"] as const) {
		test(
			`is created once although the response was lost ${when} the hub acted`,
			withHub(async (hub) => {
				hub.control.faults.add({ match: { method: "PUT" }, action: { kind: "reset", when } });
				const resource = await hub.deploy(PRESS);
				assert.equal(resource.getOutput("etag"), hub.getDevice("press").etag);
				assert.equal(hub.control.devices.list().length, 1);
			}, lagging),
		);
	}
	test(
		"is not considered deleted by a plan or a refresh",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(PRESS);
				await assertDeviceInStep(hub, resource, PRESS);
				await resource.refresh();
				assert.notEqual(resource.state, undefined, "a refresh keeps it");
			},
			{ emulator: { switches: { createdReadLag: 1_500 } } },
		),
	);
	test(
		"is found by a lookup",
		withHub(
			async (hub) => {
				await hub.deploy(PRESS);
				const found = await hub.open().functions.getCredentials({ deviceId: "press" });
				assert.equal(found["primaryKey"], hub.getDevice("press").authentication.symmetricKey.primaryKey);
			},
			{ emulator: { switches: { createdReadLag: 1_500 } } },
		),
	);
	test(
		"is adopted as soon as it can be read",
		withHub(async (hub) => {
			hub.control.devices.seed([PRESS]);
			const resource = await hub.deploy({ ...PRESS, adopt: true, status: "disabled" });
			assert.equal(hub.getDevice("press").status, "disabled");
			assert.equal(resource.getOutput("etag"), hub.getDevice("press").etag);
		}, lagging),
	);
});
