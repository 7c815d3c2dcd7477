import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
	getDeviceCredentials,
	getDeviceIdentityOutput,
	listDeviceIdentities,
	queryDevices,
} from "../../../provider/sdk/deviceIdentity.functions.ts";
import { awaitOutput } from "../../unit/sdk/mockedEngine.ts";
import { withEnvironment } from "../harness/environment.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { withHub } from "./withHub.ts";

describe("The lookup of a device", () => {
	test(
		"returns values that are not outputs, but no keys",
		withHub(async (hub) => {
			hub.seed({ deviceId: "press", statusReason: "in service", connected: true });
			hub.control.devices.sendTelemetry("press");
			const found = await hub.words.record(hub.open().functions.getDevice({ deviceId: "press" }));
			const { etag, generationId } = hub.getDevice("press");
			const { lastActivityTime, connectionStateUpdatedTime, ...facts } = found;
			assert.deepEqual(facts, {
				deviceId: "press",
				hubHostName: hub.emulator.iotHub.hostName,
				status: "enabled",
				statusReason: "in service",
				authentication: { type: "sas" },
				capabilities: { iotEdge: false },
				etag,
				generationId,
				connectionState: "Connected",
				cloudToDeviceMessageCount: 1,
			});
			assert.match(String(lastActivityTime), /^20.*Z$/);
			assert.match(String(connectionStateUpdatedTime), /^20.*Z$/);
			assert.deepEqual(hub.asked(), ["GET /devices/{id}"]);
		}),
	);
	test(
		"works with api-version 2015-08-15-preview",
		withHub(
			async (hub) => {
				hub.seed({ deviceId: "press", connected: true });
				const found = await hub.open().functions.getDevice({ deviceId: "press" });
				assert.equal(found["connectionState"], "Connected");
			},
			{ config: { "iothub:apiVersion": "2015-08-15-preview" } },
		),
	);
	test(
		"reports a missing device and names the hub",
		withHub(async (hub) => {
			const { functions } = hub.open();
			for (const work of [functions.getDevice, functions.getCredentials]) {
				const { message } = await catchError(hub.words.record(work({ deviceId: "nobody" })));
				assert.match(message, /Device "nobody" does not exist in hub localhost:\d+/);
			}
		}),
	);
	test(
		"returns the credentials for each type of authentication",
		withHub(async (hub) => {
			const { hostName } = hub.emulator.iotHub;
			const keys = hub.seed({ deviceId: "press" }).authentication.symmetricKey;
			hub.seed({ deviceId: "lathe", authentication: { type: "certificateAuthority" } });
			const { functions } = hub.open();
			assert.deepEqual(await functions.getCredentials({ deviceId: "press" }), {
				deviceId: "press",
				type: "sas",
				...keys,
				primaryConnectionString: `HostName=${hostName};DeviceId=press;SharedAccessKey=${keys.primaryKey}`,
				secondaryConnectionString: `HostName=${hostName};DeviceId=press;SharedAccessKey=${keys.secondaryKey}`,
			});
			assert.deepEqual(await functions.getCredentials({ deviceId: "lathe" }), {
				deviceId: "lathe",
				type: "certificateAuthority",
				primaryConnectionString: `HostName=${hostName};DeviceId=lathe;x509=true`,
			});
		}),
	);
	test(
		"retries after transient failures",
		withHub(async (hub) => {
			hub.seed({ deviceId: "press" });
			hub.control.faults.add({ times: 3, action: { kind: "throttle" } });
			assert.equal((await hub.open().functions.getDevice({ deviceId: "press" }))["deviceId"], "press");
		}),
	);
});

describe("A query", () => {
	for (const emptyQueryPages of [false, true]) {
		test(
			`returns all pages${emptyQueryPages ? ", even if the first is empty and has a continuation" : ""}`,
			withHub(
				async (hub) => {
					seedFleet(hub, 7);
					const rows = await hub.open().functions.queryDevices({ query: "SELECT * FROM devices" });
					assert.deepEqual(
						rows.map(({ deviceId }) => deviceId),
						["dev-0", "dev-1", "dev-2", "dev-3", "dev-4", "dev-5", "dev-6"],
					);
					assert.equal(rows[3]?.["deviceEtag"], hub.getDevice("dev-3").etag);
					assert.equal(hub.asked().length, emptyQueryPages ? 4 : 3);
				},
				{ emulator: { switches: { queryPageSize: 3, emptyQueryPages } } },
			),
		);
	}
	test(
		"fails with the message of the hub if the hub cannot parse it",
		withHub(async (hub) => {
			const work = hub.open().functions.queryDevices({ query: "SELEC * FROM devices" });
			assert.match((await catchError(hub.words.record(work))).message, /querying devices .* failed: .*\(400/);
		}),
	);
	test(
		"fails without ServiceConnect, and the error names that permission",
		withHub(async (hub) => {
			const config = { "iothub:connectionString": hub.control.hub.connectionString("registryReadWrite") };
			const work = hub.open({ config }).functions.queryDevices({ query: "SELECT * FROM devices" });
			assert.match((await catchError(hub.words.record(work))).message, /permission ServiceConnect/);
		}),
	);
	test(
		"fails with api-version 2015-08-15-preview, before any request",
		withHub(
			async (hub) => {
				const work = hub.open().functions.queryDevices({ query: "SELECT * FROM devices" });
				assert.match(
					(await catchError(hub.words.record(work))).message,
					/iothub:apiVersion .* does not support queries/,
				);
				assert.deepEqual(hub.asked(), []);
			},
			{ config: { "iothub:apiVersion": "2015-08-15-preview" } },
		),
	);
});

describe("Programs", () => {
	test(
		"list devices by status and capability, and read credentials, configured only by environment variables",
		withHub(async (hub) => {
			seedFleet(hub, 2);
			hub.seed({ deviceId: "gateway", capabilities: { iotEdge: true }, status: "disabled" });
			const { url, connectionString } = hub.emulator.iotHub;
			const env = { IOTHUB_CONNECTION_STRING: connectionString, IOTHUB_ENDPOINT: url };
			await withEnvironment(env, async () => {
				const listIds = async (args?: Parameters<typeof listDeviceIdentities>[0]) =>
					(await listDeviceIdentities(args)).map(({ deviceId }) => deviceId);
				assert.deepEqual(await listIds(), ["dev-0", "dev-1", "gateway"]);
				assert.deepEqual(await listIds({ status: "enabled" }), ["dev-0", "dev-1"]);
				assert.deepEqual(await listIds({ iotEdge: true }), ["gateway"]);
				assert.deepEqual(await listIds({ iotEdge: false, status: "disabled" }), []);
				const query = "SELECT deviceId FROM devices WHERE status = 'disabled'";
				assert.deepEqual(await queryDevices({ query }), [{ deviceId: "gateway" }]);
				const hubHostName = "other.azure-devices.net";
				for (const work of [listDeviceIdentities({ hubHostName }), queryDevices({ query, hubHostName })])
					assert.match((await catchError(work)).message, /other\.azure-devices\.net/);
				const credentials = getDeviceCredentials({ deviceId: pulumi.output("dev-0") });
				const found = getDeviceIdentityOutput({ deviceId: pulumi.output("dev-0") });
				assert.equal((await awaitOutput(found)).etag, hub.getDevice("dev-0").etag);
				assert.equal(await pulumi.isSecret(found), false);
				const { symmetricKey } = hub.getDevice("dev-0").authentication;
				assert.equal((await awaitOutput(credentials)).primaryKey, symmetricKey.primaryKey);
				assert.equal(await pulumi.isSecret(credentials), true, "whatever the program marks");
				assert.equal(await pulumi.isSecret(credentials.primaryConnectionString), true);
			});
		}),
	);
});

function seedFleet(hub: HubStage, count: number): void {
	for (let number = 0; number < count; number++) hub.seed({ deviceId: `dev-${number}` });
}
