import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { test } from "node:test";
import { isSignedWith, parseSignature } from "./iotHub/access/sharedAccessSignature.ts";
import {
	createSharedAccessToken,
	type HubClient,
	parseConnectionString,
	type Reply,
	type TokenParts,
} from "./testing/hubClient.ts";
import { useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

function createOwnerToken(): TokenParts {
	const { hostName, policy, key } = parseConnectionString(shared.emulator.iotHub.connectionString);
	return { resource: encodeURIComponent(hostName), policy, key };
}

function listWith(parts: Partial<TokenParts>): Promise<Reply> {
	return shared.hub.get("/devices", {
		authorization: createSharedAccessToken({ ...createOwnerToken(), ...parts }),
	});
}

async function getStatusWith(parts: Partial<TokenParts>): Promise<number> {
	return (await listWith(parts)).status;
}

test("signatures that the tests of Microsoft's own clients expect are right, with their keys only", () => {
	const cliKey = "+XLy+MVZ+aTeOnVzN2kLeB16O+kSxmz6g3rS6fAf6rw=";
	const tokens: readonly [token: string, key: string][] = [
		[
			// Azure/azure-iot-cli-extension, TestSasTokenAuth: a hub.
			"sr=iot-hub-for-test.azure-devices.net&sig=770sPjjYxRYpNz8%2FhEN7XR5XU5KDGYGTinSP8YyeTXw%3D&se=1471940363&skn=iothubowner",
			cliKey,
		],
		[
			// The same: a device of a hub.
			"sr=iot-hub-for-test.azure-devices.net%2Fdevices%2Fiot-device-for-test&sig=SIumZ1ACqqPJZ2okHDlW9MSYKykEpqsQY3z6FMOICd4%3D&se=1471940363",
			cliKey,
		],
		[
			// Azure/azure-iot-sdk-node, common/core/test/_shared_access_signature_test.js.
			"sr=uri&sig=kcWxXAK2OAaAoq2oCkaGzX2NMqDB8nCyNuq2fPYCDhk%3D&skn=encode%28%27Me%27%29&se=12345",
			Buffer.from("password").toString("base64"),
		],
	];
	for (const [fields, key] of tokens) {
		const token = parseSignature(`SharedAccessSignature ${fields}`);
		assert.ok(token !== undefined);
		assert.ok(isSignedWith(token, key), fields);
		assert.ok(!isSignedWith(token, Buffer.alloc(32, 9).toString("base64")));
	}
});

test("42 bad signatures, expired tokens, unknown policies and other hosts are 401", async () => {
	const wrongKey = Buffer.alloc(32, 9).toString("base64");
	const wrong: Partial<TokenParts>[] = [
		{ key: wrongKey },
		{ expiry: Math.floor(Date.now() / 1000) - 1 },
		{ policy: "nobody" },
		{ policy: null },
		{ resource: "other.azure-devices.net" },
		{ resource: "localhost%3A1" },
		{ escapeSignature: (signature) => encodeURIComponent(signature.slice(0, -4)) },
		{ resource: `${createOwnerToken().resource}%2Fdevices%2Fa` },
	];
	for (const parts of wrong) {
		const reply = await listWith(parts);
		assert.equal(reply.status, 401);
		assert.equal(reply.headers["iothub-errorcode"], "IotHubUnauthorizedAccess");
		assert.equal(reply.at("Message"), "ErrorCode:IotHubUnauthorizedAccess;Unauthorized");
	}
	for (const authorization of [
		null,
		"",
		"SharedAccessSignature",
		"Basic YTpi",
		"Bearer",
		"SharedAccessSignature sr=%ZZ&se=1",
	]) {
		assert.equal((await shared.hub.get("/devices", { authorization })).status, 401);
	}
});

test("42 the fields of a token may come in any order, and the signature may have an unescaped slash", async () => {
	assert.equal(await getStatusWith({ order: ["sr", "sig", "skn", "se"] }), 200);
	assert.equal(await getStatusWith({ order: ["skn", "se", "sig", "sr"] }), 200);
	const expiries = Array.from({ length: 12 }, (_, at) => Math.floor(Date.now() / 1000) + 1000 + at);
	for (const expiry of expiries) {
		const bareSlash = (signature: string) => encodeURIComponent(signature).replaceAll("%2F", "/");
		const lowerCase = (signature: string) =>
			encodeURIComponent(signature).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
		assert.equal(await getStatusWith({ expiry, escapeSignature: bareSlash }), 200);
		assert.equal(await getStatusWith({ expiry, escapeSignature: lowerCase }), 200);
	}
});

test("the resource may be the host with or without port, raw or escaped, and may include a path", async () => {
	const { port } = new URL(shared.emulator.iotHub.url);
	for (const resource of [
		"localhost",
		`localhost:${port}`,
		`localhost%3a${port}`,
		`127.0.0.1%3A${port}`,
		"LOCALHOST",
	]) {
		assert.equal(await getStatusWith({ resource }), 200);
	}
	assert.equal(await getStatusWith({ resource: `localhost%2Fdevices` }), 200);
	assert.equal(await getStatusWith({ resource: `localhost%2Fdev` }), 401);
	await withEmulator({ hostName: "fleet.azure-devices.net" }, async ({ hub, emulator }) => {
		assert.equal((await hub.get("/devices")).status, 200);
		const { key, policy } = parseConnectionString(emulator.iotHub.connectionString);
		const authorization = createSharedAccessToken({ resource: "localhost", key, policy });
		assert.equal((await hub.get("/devices", { authorization })).status, 401);
	});
});

test("a hub has three host names in TLS, and a signature is for the one that is contacted", async () => {
	const names = [
		"fleet.azure-devices.net",
		"fleet.device.azure-devices.net",
		"fleet.service.azure-devices.net",
	];
	await withEmulator({ hostName: "fleet.service.azure-devices.net", tls: true }, async ({ emulator }) => {
		const { control, iotHub, caFile = "" } = emulator;
		const ca = await readFile(caFile, "utf8");
		const { policy, key } = parseConnectionString(iotHub.connectionString);
		const getStatus = (contacted: string, resource: string): Promise<number | undefined> =>
			new Promise((resolve, reject) => {
				const authorization = createSharedAccessToken({ resource, policy, key });
				const { port } = new URL(iotHub.url);
				const path = "/devices?api-version=2021-04-12";
				get(
					{
						host: "127.0.0.1",
						port,
						path,
						ca,
						servername: contacted,
						headers: { authorization, host: contacted },
					},
					(response) => resolve(response.resume().statusCode),
				).on("error", reject);
			});
		const matrix = async () =>
			Promise.all(names.map((contacted) => Promise.all(names.map((name) => getStatus(contacted, name)))));
		assert.deepEqual(await matrix(), [
			[200, 401, 401],
			[401, 200, 401],
			[401, 401, 200],
		]);
		control.switches.sasAudience = "any";
		assert.deepEqual((await matrix()).flat(), Array(9).fill(200));
		control.switches.hostAliases = false;
		assert.deepEqual(await matrix(), Array(3).fill([401, 401, 200]));
		await assert.rejects(getStatus("other.azure-devices.net", names[0] ?? ""), {
			code: "ERR_TLS_CERT_ALTNAME_INVALID",
		});
	});
	const withoutAliases = { hostName: names[0] ?? "", tls: true, switches: { hostAliases: false } };
	await withEmulator(withoutAliases, async ({ emulator: { iotHub, caFile = "" } }) => {
		const ca = await readFile(caFile, "utf8");
		const { port } = new URL(iotHub.url);
		const connect = (servername: string) =>
			new Promise((resolve, reject) =>
				get({ host: "127.0.0.1", port, path: "/", ca, servername }, resolve).on("error", reject),
			);
		await connect(names[0] ?? "");
		await assert.rejects(connect(names[2] ?? ""), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
	});
});

test("a signature for any name of the hub is valid on loopback, where an endpoint leads", async () => {
	await withEmulator({ hostName: "fleet.azure-devices.net" }, async ({ hub, emulator }) => {
		const { key, policy } = parseConnectionString(emulator.iotHub.connectionString);
		const getStatus = async (resource: string) =>
			(await hub.get("/devices", { authorization: createSharedAccessToken({ resource, key, policy }) }))
				.status;
		assert.equal(await getStatus("fleet.azure-devices.net"), 200);
		assert.equal(await getStatus("fleet.service.azure-devices.net"), 200);
		assert.equal(await getStatus("other.service.azure-devices.net"), 401);
		emulator.control.switches.hostAliases = false;
		assert.equal(await getStatus("fleet.service.azure-devices.net"), 401);
	});
});

async function tryEachPermission(hub: HubClient): Promise<Record<string, number>> {
	const replies = {
		read: await hub.get("/devices/nobody"),
		write: await hub.put("/devices/matrix", {}, { ifMatch: "*" }),
		remove: await hub.delete("/devices/nobody"),
		bulk: await hub.post("/devices", [{ id: "x", importMode: "delete" }]),
		statistics: await hub.get("/statistics/devices"),
		twin: await hub.get("/twins/nobody"),
		query: await hub.post("/devices/query", { query: "SELECT * FROM devices" }),
	};
	return Object.fromEntries(Object.entries(replies).map(([name, reply]) => [name, reply.status]));
}

test("43 each default policy allows its documented operations", async () => {
	const none = { read: 401, write: 401, remove: 401, bulk: 401, statistics: 401, twin: 401, query: 401 };
	const reads = { read: 404, statistics: 200 };
	const writes = { write: 404, remove: 404, bulk: 400 };
	const service = { twin: 404, query: 200 };
	assert.deepEqual(await tryEachPermission(shared.hub.as("registryRead")), { ...none, ...reads });
	assert.deepEqual(await tryEachPermission(shared.hub.as("registryReadWrite")), {
		...none,
		...reads,
		...writes,
	});
	assert.deepEqual(await tryEachPermission(shared.hub.as("service")), { ...none, ...service });
	assert.deepEqual(await tryEachPermission(shared.hub.as("device")), none);
	assert.deepEqual(await tryEachPermission(shared.hub.as("iothubowner")), {
		...reads,
		...writes,
		...service,
	});
});

test("policies can be added, regenerated and removed while the hub runs", async () => {
	const { policies } = shared.emulator.control;
	policies.put("auditor", ["RegistryRead"]);
	const auditor = shared.hub.as("auditor");
	const token = auditor.token();
	assert.equal((await auditor.get("/devices")).status, 200);
	policies.regenerate("auditor", "secondary");
	assert.equal((await auditor.get("/devices", { authorization: token })).status, 200);
	policies.regenerate("auditor", "primary");
	assert.equal((await auditor.get("/devices", { authorization: token })).status, 401);
	assert.equal((await auditor.get("/devices")).status, 200);
	const last = auditor.token();
	policies.remove("auditor");
	assert.equal((await auditor.get("/devices", { authorization: last })).status, 401);
});

test("both keys of a policy sign valid tokens", async () => {
	const secondary = shared.emulator.control.policies.get("iothubowner")?.secondaryKey ?? "";
	assert.equal(await getStatusWith({ key: secondary }), 200);
});

test("a signature expires by the virtual clock, or by the real one with a switch", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		emulator.control.clock.advance(3_601_000);
		assert.equal((await hub.get("/devices")).status, 401);
		emulator.control.switches.sasClock = "real";
		assert.equal((await hub.get("/devices")).status, 200);
	});
});

test("a hub without local authentication rejects every signature", async () => {
	await withEmulator({ switches: { disableLocalAuth: true } }, async ({ hub }) => {
		assert.equal((await hub.get("/devices")).status, 401);
	});
});
