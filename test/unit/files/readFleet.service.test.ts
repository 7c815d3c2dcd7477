import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readFleet } from "../../../provider/files/readFleet.ts";
import { listFleetFaults, readDevices, readFleetText, writeFleetText } from "./fleetFile.ts";

const KEYS = {
	primaryKey: Buffer.alloc(32, 1).toString("base64"),
	secondaryKey: Buffer.alloc(32, 2).toString("base64"),
};
const NO_KEYS = { primaryKey: null, secondaryKey: null };
const NO_PRINTS = { primaryThumbprint: null, secondaryThumbprint: null };
const THUMBPRINT = "AB".repeat(20);
const SCOPE = "ms-azure-iot-edge://gw-1-638000000000000000";

const LINES = (devices: readonly object[]) => devices.map((device) => JSON.stringify(device)).join("\r\n");
const PASSED_OVER =
	"ignored: a fleet declares device identities, not twins, modules or what runs on a device";

describe("the file of a hub's export job", () => {
	const twin = {
		twinETag: "AAAAAAAAAAE=",
		tags: { site: "north" },
		properties: { desired: { $version: 1 }, reported: { $version: 1 } },
	};
	const authentication = { symmetricKey: NO_KEYS, x509Thumbprint: NO_PRINTS, type: "sas" };

	test("is read, except twins and modules, which are reported once", () => {
		const text = LINES([
			{
				id: "gw-1",
				eTag: "MQ==",
				importMode: "createOrUpdate",
				status: "enabled",
				authentication: { ...authentication, symmetricKey: KEYS },
				capabilities: { iotEdge: true },
				deviceScope: SCOPE,
				parentScopes: [],
				...twin,
			},
			{ id: "gw-1", moduleId: "$edgeHub", eTag: "MQ==", status: "enabled", authentication },
			{
				id: "sensor-1",
				status: "disabled",
				statusReason: "spare",
				authentication: {
					...authentication,
					type: "selfSigned",
					x509Thumbprint: { primaryThumbprint: THUMBPRINT, secondaryThumbprint: null },
				},
				capabilities: { iotEdge: false },
				deviceScope: SCOPE,
				parentScopes: [SCOPE],
				...twin,
			},
		]);
		const { devices, passedOver } = readFleetText("devices.txt", text);
		assert.deepEqual(devices, {
			"gw-1": {
				status: "enabled",
				authentication: { type: "sas", symmetricKey: KEYS },
				capabilities: { iotEdge: true },
			},
			"sensor-1": {
				status: "disabled",
				statusReason: "spare",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
				capabilities: { iotEdge: false },
				parent: "gw-1",
			},
		});
		assert.deepEqual(passedOver, [
			`"devices.txt": tags (2 times), properties (2 times), modules are ${PASSED_OVER}`,
		]);
	});

	test("must not contain entries that delete devices or update twins, which a fleet cannot declare", () => {
		const text = LINES([
			{ id: "a", importMode: "delete" },
			{ id: "b", importMode: "updateTwinIfMatchETag" },
			{ id: "c", importMode: "UpdateIfMatchETag" },
		]);
		const refusal = "a fleet declares the devices that should exist; remove this entry";
		assert.deepEqual(listFleetFaults("devices.txt", text), [
			`1:24 importMode is "delete"; ${refusal}`,
			`2:24 importMode is "updateTwinIfMatchETag"; ${refusal}`,
		]);
	});

	test("must not contain an authentication type that a fleet cannot declare", () => {
		assert.deepEqual(listFleetFaults("devices.txt", LINES([{ id: "a", authentication: { type: "none" } }])), [
			'1:36 authentication.type must be "sas" or "selfSigned" or "certificateAuthority", got "none"',
		]);
	});
});

describe("scopes", () => {
	const gateway = { id: "gw-1", capabilities: { iotEdge: true }, deviceScope: SCOPE };
	const parentsIn = (devices: readonly object[]) =>
		Object.fromEntries(
			Object.entries(readDevices("devices.ndjson", LINES(devices))).map(([id, { parent }]) => [id, parent]),
		);

	test("become parents: deviceScope of a leaf, parentScopes of a gateway", () => {
		const numbered = "ms-azure-iot-edge://gw-1-2-638000000000000001";
		const inner = {
			id: "gw-1-2",
			capabilities: { iotEdge: true },
			deviceScope: numbered,
			parentScopes: [SCOPE],
		};
		const leaf = { id: "a", deviceScope: numbered };
		const bare = {
			id: "b",
			capabilities: { iotEdge: false },
			deviceScope: "",
			parentScopes: ["ms-azure-iot-edge://gw-1-"],
		};
		assert.deepEqual(
			parentsIn([leaf, gateway, inner, bare, { id: "c", deviceScope: "", parentScopes: [] }]),
			{
				a: "gw-1-2",
				"gw-1": undefined,
				"gw-1-2": "gw-1",
				b: "gw-1",
				c: undefined,
			},
		);
	});

	test("may be given in addition to the parent that they identify", () => {
		assert.deepEqual(parentsIn([gateway, { id: "a", parent: "gw-1", deviceScope: SCOPE }]), {
			"gw-1": undefined,
			a: "gw-1",
		});
	});

	test("that do not identify a gateway of the file are problems", () => {
		const devices = [
			gateway,
			{ id: "plain" },
			{ id: "a", deviceScope: "ms-azure-iot-edge://plain-638000000000000000" },
			{ id: "b", deviceScope: "gw-1" },
			{ id: "c", parentScopes: [SCOPE, SCOPE] },
			{ id: "d", parentScopes: SCOPE },
			{ id: "e", parent: "a", deviceScope: SCOPE },
		];
		assert.deepEqual(listFleetFaults("devices.ndjson", LINES(devices)), [
			'3:25 deviceScope is the scope of "plain", which is not a gateway; its iotEdge must be true (line 2)',
			'4:25 deviceScope is "gw-1", which is not a scope (ms-azure-iot-edge://…); to name the gateway by its id, use parent',
			"5:26 parentScopes names 2 parents; a device can have only one",
			"6:26 parentScopes must be a list, got a string",
			"7:20 parent and deviceScope name different parents; a device can have only one",
		]);
	});
});

describe("an export of some devices of a hub", () => {
	const ELSEWHERE = "ms-azure-iot-edge://gw-9-638000000000000000";
	const devices = [
		{ id: "leaf", eTag: "MQ==", deviceScope: ELSEWHERE, parentScopes: [ELSEWHERE] },
		{ id: "named", parent: "gw-9", deviceScope: ELSEWHERE },
		{ id: "list", eTag: "MQ==", parentScopes: [ELSEWHERE] },
		{
			id: "line",
			eTag: "MQ==",
			capabilities: { iotEdge: true },
			deviceScope: "ms-azure-iot-edge://line-7",
			parentScopes: [ELSEWHERE],
		},
		{
			id: "below",
			eTag: "MQ==",
			deviceScope: "ms-azure-iot-edge://line-7",
			parentScopes: ["ms-azure-iot-edge://line-7"],
		},
	];
	const readAll = (options = {}) => readFleet(writeFleetText("devices.ndjson", LINES(devices)), options);

	test("keeps the scopes of parents that are not in the file, under the names of the inputs", () => {
		assert.deepEqual(readAll(), {
			leaf: { deviceScope: ELSEWHERE },
			named: { deviceScope: ELSEWHERE },
			list: { deviceScope: ELSEWHERE },
			line: { capabilities: { iotEdge: true }, parentScopes: [ELSEWHERE] },
			below: { parent: "line" },
		});
	});

	test("names the parents that the program declares outside the file", () => {
		const parents = Object.values(readAll({ gateways: ["gw-9"] })).map(({ parent }) => parent);
		assert.deepEqual(parents, ["gw-9", "gw-9", "gw-9", "gw-9", "line"]);
	});

	test("and a table may name such parents by their ids", () => {
		const path = writeFleetText("plant.csv", "deviceId,parent\na,gw-9\nb,gw-8\n");
		assert.deepEqual(readFleet(path, { gateways: ["gw-9", "gw-8"] }), {
			a: { parent: "gw-9" },
			b: { parent: "gw-8" },
		});
		assert.throws(() => readFleet(path, { gateways: ["gw-9"] }), /"gw-8", which is not in this file;/);
		assert.throws(
			() => readFleet(path, { gateways: "gw-9" } as never),
			/^TypeError: readFleet: gateways must be a list of ids$/,
		);
	});
});

describe("the output of the hub and the Azure CLI", () => {
	test("is read as the REST API returns it", () => {
		const answers = ["edge", "leaf-with-parent", "authority"].map((name) =>
			readFileSync(join(__dirname, `../../fixtures/iot-hub/${name}.response.json`), "utf8"),
		);
		const { devices, passedOver } = readFleetText("devices.json", `[${answers.join(",")}]`);
		assert.deepEqual(passedOver, []);
		assert.deepEqual(
			Object.entries(devices).map(([id, { parent, authentication }]) => [id, parent, authentication?.type]),
			[
				["gw-1", undefined, "sas"],
				["dev-2", "gw-1", "sas"],
				["dev-4", undefined, "certificateAuthority"],
			],
		);
	});

	test("is read as `az iot hub device-identity list` prints it", () => {
		const twin = {
			authenticationType: "selfSigned",
			capabilities: { iotEdge: false },
			cloudToDeviceMessageCount: 0,
			connectionState: "Disconnected",
			deviceEtag: "MQ==",
			deviceId: "a",
			etag: "AAAAAAAAAAE=",
			lastActivityTime: "0001-01-01T00:00:00Z",
			modelId: "",
			status: "enabled",
			statusUpdateTime: "0001-01-01T00:00:00Z",
			version: 2,
			x509Thumbprint: { primaryThumbprint: THUMBPRINT, secondaryThumbprint: null },
		};
		assert.deepEqual(readDevices("devices.json", JSON.stringify([twin], null, 2)), {
			a: {
				status: "enabled",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
				capabilities: { iotEdge: false },
			},
		});
	});
});

describe("the configuration of `az iot edge devices create`", () => {
	const CONFIG = `configVersion: "1.0"
iotHub:
  authenticationMethod: symmetricKey
edgeConfiguration:
  templateConfigPath: "./device.toml"
  defaultEdgeAgent: "$upstream:443/edge-agent:1.5"
edgeDevices:
  - deviceId: plant
    edgeAgent: "registry.example/edge-agent:1.5"
    hostname: plant.example
    containerAuth:
      serverAddress: registry.example
      username: reader
      password: not to be told
    children:
      - deviceId: line-1
        deployment: ./line.json
        children:
          - deviceId: cell-1
      - deviceId: line-2
  - deviceId: yard
`;
	const gateway = { authentication: { type: "sas" }, capabilities: { iotEdge: true } };
	const GATEWAYS = {
		plant: gateway,
		"line-1": { ...gateway, parent: "plant" },
		"cell-1": { ...gateway, parent: "line-1" },
		"line-2": { ...gateway, parent: "plant" },
		yard: gateway,
	};

	test("is read as gateways, each with the enclosing gateway as its parent; deployments are reported and ignored", () => {
		const { devices, passedOver } = readFleetText("devices.yaml", CONFIG);
		assert.deepEqual(devices, GATEWAYS);
		assert.deepEqual(passedOver, [
			`"devices.yaml": edgeConfiguration, edgeAgent, hostname, containerAuth, deployment are ${PASSED_OVER}`,
		]);
	});

	test("may be JSON", () => {
		const child = { deviceId: "b", children: [{ deviceId: "c" }] };
		const config = {
			configVersion: "1.0",
			iotHub: { authenticationMethod: "symmetricKey" },
			edgeDevices: [{ deviceId: "a", children: [child] }],
		};
		assert.deepEqual(readDevices("devices.json", JSON.stringify(config)), {
			a: gateway,
			b: { ...gateway, parent: "a" },
			c: { ...gateway, parent: "b" },
		});
	});

	test("is rejected with certificates, which exist only after the command has run", () => {
		const [fault] = listFleetFaults("devices.yaml", CONFIG.replace("symmetricKey", "x509Certificate"));
		assert.match(
			fault ?? "",
			/^3:25 iotHub\.authenticationMethod is "x509Certificate", which is not supported: the command creates a cert/,
		);
	});

	test("is supported in version 1.0 only, and must be complete", () => {
		assert.deepEqual(listFleetFaults("devices.yaml", 'configVersion: "2.0"\niotHub: {}\n'), [
			"1:1 authenticationMethod is missing",
			"1:1 edgeDevices is missing",
			'1:16 configVersion is "2.0"; only "1.0" is supported',
		]);
		assert.deepEqual(
			listFleetFaults(
				"devices.yaml",
				"configVersion: 1.0\niotHub: { authenticationMethod: key }\nedgeDevices: []",
			),
			[
				"1:16 configVersion must be a string, got a number; put it in quotes",
				'2:33 iotHub.authenticationMethod is "key"; only "symmetricKey" is supported',
			],
		);
	});

	test("is reported with the position of each problem", () => {
		const text = CONFIG.replace("edgeAgent:", "edge_agent:")
			.replace("- deviceId: cell-1", "- deviceId: plant")
			.replace("- deviceId: line-2", "- hostname: line-2")
			.replace("- deviceId: yard", "- yard\n  - deviceId: pit\n    children: none");
		assert.deepEqual(listFleetFaults("devices.yaml", text), [
			'9:5 "edge_agent" is not a known property; did you mean "edgeAgent"? Known properties: deviceId, children',
			'19:13 "plant" is already declared in line 8',
			"20:9 deviceId is missing",
			"21:5 edgeDevices must be a list of objects with deviceId, got a string",
			"23:15 children must be a list, got a string",
		]);
	});

	test("must not form a cycle with aliases", () => {
		const text = `configVersion: "1.0"
iotHub: { authenticationMethod: symmetricKey }
edgeDevices: &all
  - deviceId: a
    children: *all
`;
		assert.deepEqual(listFleetFaults("devices.yaml", text), [
			"4:5 the alias refers to a device that is already in the file",
		]);
	});
});

describe("a device has no parent", () => {
	test("if its parent is the empty string, as in an export", () => {
		assert.deepEqual(readDevices("empty.json", '[{"deviceId": "a", "parent": ""}]'), { a: {} });
	});

	test("if its scope is its own, even without iotEdge: true", () => {
		const text = '{"id": "gw", "deviceScope": "ms-azure-iot-edge://gw-639079488000000000"}\n';
		assert.deepEqual(readDevices("own.ndjson", text), { gw: {} });
	});
});
