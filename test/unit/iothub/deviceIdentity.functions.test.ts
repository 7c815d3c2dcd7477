import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	getCredentials,
	getDevice,
	queryDeviceRows,
} from "../../../provider/iothub/deviceIdentity.functions.ts";
import { wire2015 } from "../../../provider/iothub/deviceIdentity.wire2015.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import type { ScriptedStep } from "../doubles.ts";
import { KEYS, SCOPE, SHA1 } from "./devices.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

const response = (name: string): ScriptedStep => createHubAnswer(fixture(`${name}.response`));

describe("getDevice", () => {
	test("returns the device with members that change all day, without its keys", async () => {
		const found = await getDevice(createScriptedHub(response("leaf-with-parent")), "dev-2");
		assert.deepEqual(found, {
			deviceId: "dev-2",
			hubHostName: "fleet.example",
			status: "enabled",
			authentication: { type: "sas" },
			capabilities: { iotEdge: false },
			deviceScope: SCOPE,
			parentScopes: [SCOPE],
			etag: "MTA=",
			generationId: "639079488000000000",
			statusUpdatedTime: "2026-03-01T08:05:30Z",
			connectionState: "Disconnected",
			cloudToDeviceMessageCount: 0,
		});
		assert.ok(!JSON.stringify(found).includes(KEYS.primaryKey));
	});

	test("returns the thumbprints, which are not secret", async () => {
		const found = await getDevice(createScriptedHub(response("self-signed")), "dev-3");
		assert.deepEqual(found["authentication"], {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: SHA1 },
		});
	});

	test("throws an error that first says that the device does not exist", async () => {
		await assert.rejects(
			getDevice(createScriptedHub(createHubRefusal(404, "DeviceNotFound", "gw-9")), "gw-9"),
			{
				message:
					/^Device "gw-9" does not exist in hub fleet\.example\. looking up device "gw-9" .* request id r-1\)/,
			},
		);
	});
});

describe("getCredentials", () => {
	test("returns the keys and connection strings", async () => {
		assert.deepEqual(await getCredentials(createScriptedHub(response("leaf")), "dev-1"), {
			deviceId: "dev-1",
			type: "sas",
			...KEYS,
			primaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.primaryKey}`,
			secondaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.secondaryKey}`,
		});
	});

	test("returns a connection string without a key for a device with a certificate", async () => {
		assert.deepEqual(await getCredentials(createScriptedHub(response("authority")), "dev-4"), {
			deviceId: "dev-4",
			type: "certificateAuthority",
			primaryConnectionString: "HostName=fleet.example;DeviceId=dev-4;x509=true",
		});
	});
});

describe("queryDeviceRows", () => {
	test("returns the rows of all pages, without nulls", async () => {
		const rows = await queryDeviceRows(
			createScriptedHub(
				createHubAnswer([{ deviceId: "a", statusReason: null }], { "x-ms-continuation": "c" }),
				createHubAnswer([{ n: 1 }]),
			),
			"SELECT * FROM devices",
		);
		assert.deepEqual(rows, [{ deviceId: "a" }, { n: 1 }]);
	});

	test("throws for api-version 2015-08-15-preview", async () => {
		const context = { ...createScriptedHub(createHubAnswer([])), codec: wire2015 };
		await assert.rejects(queryDeviceRows(context, "SELECT * FROM devices"), {
			message:
				"iothub:apiVersion is 2015-08-15-preview, which does not support queries; set it to 2021-04-12",
		});
	});
});
