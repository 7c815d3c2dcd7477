import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	getCredentials,
	getDevice,
	type HubReadContext,
	queryDeviceRows,
} from "../../../provider/iothub/deviceIdentity.functions.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { wire2015 } from "../../../provider/iothub/deviceIdentity.wire2015.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import type { ScriptedStep } from "../doubles.ts";
import { KEYS, SCOPE, SHA1 } from "./devices.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

function placeOver(...steps: readonly ScriptedStep[]): HubReadContext {
	const { client, deadline } = createScriptedHub(...steps);
	return { client, deadline, codec: wire2021, runtime: { sleep: async () => {} } };
}

const response = (name: string): ScriptedStep => createHubAnswer(fixture(`${name}.response`));

describe("a device that is looked up", () => {
	test("is told with the facts of the moment, and never with its keys", async () => {
		const found = await getDevice(placeOver(response("leaf-with-parent")), "dev-2");
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

	test("keeps its thumbprints, which are no secrets", async () => {
		const found = await getDevice(placeOver(response("self-signed")), "dev-3");
		assert.deepEqual(found["authentication"], {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: SHA1 },
		});
	});

	test("and does not exist is an error that says so first", async () => {
		await assert.rejects(getDevice(placeOver(createHubRefusal(404, "DeviceNotFound", "gw-9")), "gw-9"), {
			message:
				/^There is no device "gw-9" in hub fleet\.example\. looking up device "gw-9" .* request id r-1\)/,
		});
	});
});

describe("credentials that are looked up", () => {
	test("are keys and what the device connects with", async () => {
		assert.deepEqual(await getCredentials(placeOver(response("leaf")), "dev-1"), {
			deviceId: "dev-1",
			type: "sas",
			...KEYS,
			primaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.primaryKey}`,
			secondaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.secondaryKey}`,
		});
	});

	test("of a certificate are a connection string without a key", async () => {
		assert.deepEqual(await getCredentials(placeOver(response("authority")), "dev-4"), {
			deviceId: "dev-4",
			type: "certificateAuthority",
			primaryConnectionString: "HostName=fleet.example;DeviceId=dev-4;x509=true",
		});
	});
});

describe("rows of a query", () => {
	test("come from all pages, without nulls", async () => {
		const rows = await queryDeviceRows(
			placeOver(
				createHubAnswer([{ deviceId: "a", statusReason: null }], { "x-ms-continuation": "c" }),
				createHubAnswer([{ n: 1 }]),
			),
			"SELECT * FROM devices",
		);
		assert.deepEqual(rows, [{ deviceId: "a" }, { n: 1 }]);
	});

	test("do not exist in the dialect of 2015", async () => {
		const place = { ...placeOver(createHubAnswer([])), codec: wire2015 };
		await assert.rejects(queryDeviceRows(place, "SELECT * FROM devices"), {
			message: "iothub:apiVersion is 2015-08-15-preview, which has no queries; set it to 2021-04-12",
		});
	});
});
