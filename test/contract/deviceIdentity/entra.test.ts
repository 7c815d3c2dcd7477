import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { ProviderChild } from "../harness/providerChild.ts";
import { Resource } from "../harness/resource.ts";
import { catchError, checkAfterwards } from "../scene.ts";
import { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep } from "./withHub.ts";

type Role = Parameters<HubStage["control"]["principals"]["add"]>[0][number];
type Texts = Readonly<Record<string, string>>;

const TOKENS = { service: "entra", method: "POST" };

let hub: HubStage;
let child: ProviderChild;
let number = 0;

before(async () => {
	const emulator = { tls: true, hostName: "fleet.azure-devices.net", switches: { disableLocalAuth: true } };
	hub = await HubStage.start({}, emulator);
	child = new ProviderChild(String(hub.emulator.caFile), hub.words);
});

beforeEach(() => hub.control.requests.reset());

after(async () => {
	const applications = hub.control.principals.list().map(({ clientSecret }) => clientSecret);
	const listSecrets = () => [...hub.listSecrets(), ...applications];
	checkAfterwards({ words: hub.words, listSecrets, listProblems: () => hub.problems, listRemains: () => [] });
	await child.close();
	await hub.close();
});

/** Settings to connect to the hub and its directory, without credentials. */
function createSettings(config: Texts = {}, env: Texts = {}) {
	const { authority, tenantId } = hub.emulator.entra;
	return {
		config: {
			"iothub:hostName": hub.emulator.iotHub.hostName,
			"iothub:endpoint": hub.emulator.iotHub.url,
			"iothub:authorityHost": authority,
			"iothub:tenantId": tenantId,
			"iothub:timeouts": "60s",
			...config,
		},
		env,
	};
}

/** Settings of an application of one's own with these roles. */
function registerApplication(...roles: Role[]) {
	const { clientId, clientSecret } = hub.control.principals.add(roles);
	return createSettings({ "iothub:clientId": clientId, "iothub:clientSecret": clientSecret });
}

function declareNewDevice(): { readonly deviceId: string } {
	number += 1;
	return { deviceId: `press-${number}` };
}

/** Deploys a device, changes it, finds it unchanged, and deletes it. */
async function playLifecycle(with_: ReturnType<typeof createSettings>): Promise<void> {
	const device = declareNewDevice();
	const resource = new Resource(() => child.devices(with_));
	await resource.up(device);
	await resource.up({ ...device, status: "disabled" });
	await assertDeviceInStep(hub, resource, { ...device, status: "disabled" });
	await resource.refresh();
	await resource.destroy();
	assert.equal(hub.control.devices.get(device.deviceId), undefined);
}

describe("Microsoft Entra", () => {
	test("signs in with a client secret, once for a whole run", async () => {
		await playLifecycle(registerApplication("IoT Hub Data Contributor"));
		assert.equal(hub.control.requests.count(TOKENS), 1);
	});

	test("fetches one token for any number of concurrent requests", async () => {
		const devices = child.devices(registerApplication("IoT Hub Data Contributor"));
		const { hostName: hubHostName } = hub.emulator.iotHub;
		const fleet = Array.from({ length: 6 }, declareNewDevice);
		await Promise.all(fleet.map((device) => devices.create({ ...device, hubHostName })));
		assert.equal(hub.control.requests.count(TOKENS), 1);
	});

	test("signs in with a managed identity", async () => {
		const { endpoint, header } = hub.emulator.entra.managedIdentity;
		const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
		await playLifecycle(createSettings({ "iothub:credential": "managedIdentity" }, env));
		assert.equal(hub.control.requests.count({ service: "entra", path: "^/_identity/token$" }), 1);
	});

	test("signs in with the token of a GitHub Actions job", async () => {
		const { clientId, pipeline } = hub.emulator.entra;
		const env = {
			ACTIONS_ID_TOKEN_REQUEST_URL: pipeline.requestUrl,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: pipeline.requestToken,
		};
		await playLifecycle(createSettings({ "iothub:clientId": clientId }, env));
		const [asked] = hub.control.requests.list({ service: "entra", path: "^/_pipeline/token$" });
		assert.equal(asked?.query["audience"], "api://AzureADTokenExchange");
		assert.equal(asked?.query["v"], "1");
	});

	test("signs in with a federated token from configuration, or from a file", async () => {
		const { clientId } = hub.emulator.entra;
		const token = await fetchFederatedToken();
		await playLifecycle(createSettings({ "iothub:clientId": clientId, "iothub:oidcToken": token }));
		const folder = await mkdtemp(join(tmpdir(), "contract-"));
		const file = join(folder, "token");
		await writeFile(file, `${token}\n`);
		await playLifecycle(createSettings({ "iothub:clientId": clientId, "iothub:oidcTokenFile": file }));
		await rm(folder, { recursive: true });
	});

	for (const retryAfter of [0, 1, { dateIn: -3_600 }]) {
		test(`signs in again after a throttled attempt with Retry-After ${JSON.stringify(retryAfter)}`, async () => {
			hub.control.faults.add({ match: TOKENS, action: { kind: "throttle", retryAfter } });
			await playLifecycle(registerApplication("IoT Hub Data Contributor"));
			assert.equal(hub.control.requests.count(TOKENS), 2);
		});
	}

	test("signs in again after a failure of Entra", async () => {
		hub.control.faults.add({ match: TOKENS, action: { kind: "unavailable" } });
		hub.control.faults.add({ match: TOKENS, nth: 2, action: { kind: "reset" } });
		await playLifecycle(registerApplication("IoT Hub Data Contributor"));
		assert.equal(hub.control.requests.count(TOKENS), 3);
	});

	test("does not wait for a day if Entra asks for that, and reports it", async () => {
		const action = { kind: "throttle", retryAfter: 86_400 } as const;
		hub.control.faults.add({ match: TOKENS, times: "always", action });
		try {
			const throttled = registerApplication("IoT Hub Data Contributor");
			const { message } = await catchError(
				new Resource(() => child.devices(throttled)).up(declareNewDevice()),
			);
			assert.match(message, /sign-in by clientSecret failed: the service asks to wait 24 h before the next/);
			assert.equal(hub.control.requests.count(TOKENS), 1);
		} finally {
			hub.control.faults.clear();
		}
	});

	test("signs in once for a hundred devices if the secret is wrong", async () => {
		const { clientId } = hub.control.principals.add(["IoT Hub Data Contributor"]);
		const secret = "not-the-secret-of-it";
		const wrong = createSettings({ "iothub:clientId": clientId, "iothub:clientSecret": secret });
		const devices = child.devices(wrong);
		const { hostName: hubHostName } = hub.emulator.iotHub;
		const work = Array.from({ length: 100 }, () => devices.create({ ...declareNewDevice(), hubHostName }));
		const results = await Promise.allSettled(work);
		assert.ok(results.every(({ status }) => status === "rejected"));
		assert.equal(hub.control.requests.count(TOKENS), 1);
	});

	test("fails with Entra's error number for a wrong secret, before any request to the hub", async () => {
		const { clientId } = hub.control.principals.add(["IoT Hub Data Contributor"]);
		const wrong = createSettings({
			"iothub:clientId": clientId,
			"iothub:clientSecret": "not-the-secret-of-it",
		});
		const { message } = await catchError(new Resource(() => child.devices(wrong)).up(declareNewDevice()));
		assert.match(message, /sign-in by clientSecret failed/);
		assert.match(message, /AADSTS7000215/);
		assert.ok(!message.includes("not-the-secret-of-it"));
		assert.equal(hub.control.requests.count({ service: "iotHub" }), 0);
	});

	test("fails with a request token that GitHub Actions rejects", async () => {
		const { clientId, pipeline } = hub.emulator.entra;
		const env = {
			ACTIONS_ID_TOKEN_REQUEST_URL: pipeline.requestUrl,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: "somebody-elses-token",
		};
		const wrong = createSettings({ "iothub:clientId": clientId }, env);
		const { message } = await catchError(new Resource(() => child.devices(wrong)).up(declareNewDevice()));
		assert.match(message, /sign-in by oidc failed.*status 401/);
		assert.ok(!message.includes("somebody-elses-token"));
	});

	test("names the missing role and the hub when a write is refused", async () => {
		const reader = registerApplication("IoT Hub Data Reader");
		const { message } = await catchError(new Resource(() => child.devices(reader)).up(declareNewDevice()));
		assert.match(message, /creating device .* no assigned permissions \(401/);
		assert.match(message, /needs the role IoT Hub Registry Contributor on hub fleet\.azure-devices\.net/);
	});

	test("explains to an Owner that this role has no data permissions", async () => {
		const { deviceId } = hub.seed(declareNewDevice());
		const order = {
			settings: registerApplication("Owner"),
			method: "getDevice",
			args: [{ deviceId }],
		} as const;
		const { message } = await catchError(child.order(order));
		assert.match(message, /IoT Hub Registry Contributor or IoT Hub Data Reader/);
		assert.match(message, /The roles Owner and Contributor have no data permissions/);
	});

	test("warns once and reads the registry if the role for twins is missing", async () => {
		const contributor = registerApplication("IoT Hub Registry Contributor");
		const said = hub.words.said.length;
		const [first, second] = [declareNewDevice(), declareNewDevice()];
		for (const device of [first, second]) {
			const resource = new Resource(() => child.devices(contributor));
			await resource.up(device);
			assert.equal(await resource.up(device), "same");
		}
		assert.equal(hub.words.said.length, said + 1);
		assert.match(hub.words.said.at(-1) ?? "", /refuses to return device twins .*IoT Hub Data Reader/);
	});

	test("permits lookups and queries with the reader role", async () => {
		const { deviceId } = hub.seed(declareNewDevice());
		const reader = registerApplication("IoT Hub Data Reader");
		const query = `SELECT deviceId FROM devices WHERE deviceId = '${deviceId}'`;
		assert.deepEqual(await child.order({ settings: reader, method: "queryDevices", args: [{ query }] }), [
			{ deviceId },
		]);
	});
});

/** A token as the issuer of a pipeline creates it. */
async function fetchFederatedToken(): Promise<string> {
	const { requestUrl, requestToken } = hub.emulator.entra.pipeline;
	const { pathname } = new URL(requestUrl);
	const plain = new URL(pathname, hub.emulator.controlUrl);
	const answer = await fetch(plain, { headers: { authorization: `Bearer ${requestToken}` } });
	const { value } = (await answer.json()) as { value: string };
	return value;
}
