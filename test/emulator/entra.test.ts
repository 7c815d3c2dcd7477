import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import type { Emulator } from "./emulator.ts";
import type { Role } from "./entra/roles.ts";
import { useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const HUB_SCOPE = "https://iothubs.azure.net/.default";

function askToken({ entra }: Emulator, form: Record<string, string>): Promise<Response> {
	return fetch(`${entra.authority}/${entra.tenantId}/oauth2/v2.0/token`, {
		method: "POST",
		body: new URLSearchParams(form),
	});
}

async function fetchToken(emulator: Emulator, roles: readonly Role[], scope = HUB_SCOPE): Promise<string> {
	const { clientId, clientSecret } = emulator.control.principals.add(roles);
	const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope };
	const reply = (await (await askToken(emulator, form)).json()) as { access_token: string };
	return `Bearer ${reply.access_token}`;
}

test("a client secret gets a token for an hour; a wrong one is invalid_client", async () => {
	const { clientId, clientSecret } = shared.emulator.entra;
	const form = {
		grant_type: "client_credentials",
		client_id: clientId,
		client_secret: clientSecret,
		scope: HUB_SCOPE,
	};
	const good = await askToken(shared.emulator, form);
	assert.equal(good.status, 200);
	const { access_token, ...rest } = (await good.json()) as Record<string, unknown>;
	assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
	assert.equal((await shared.hub.get("/devices", { authorization: `Bearer ${access_token}` })).status, 200);
	const wrong = [
		[{ client_secret: "guess" }, 401, "invalid_client", /^AADSTS7000215/],
		[{ client_id: "nobody" }, 400, "unauthorized_client", /^AADSTS700016/],
		[{ scope: "https://iothubs.azure.net/devices" }, 400, "invalid_scope", /^AADSTS1002012/],
		[{ grant_type: "password" }, 400, "unsupported_grant_type", /^AADSTS70003/],
	] as const;
	for (const [change, status, error, description] of wrong) {
		const reply = await askToken(shared.emulator, { ...form, ...change });
		const body = (await reply.json()) as Record<string, string>;
		assert.deepEqual([reply.status, body["error"]], [status, error]);
		assert.match(body["error_description"] ?? "", description);
	}
});

test("each role allows its documented operations; without a grant the hub names principal, method and path", async () => {
	const tryEachRole = async (roles: readonly Role[]) => {
		const authorization = await fetchToken(shared.emulator, roles);
		const sent = { authorization };
		const replies = [
			await shared.hub.get("/devices/nobody", sent),
			await shared.hub.put("/devices/nobody", {}, { ...sent, ifMatch: "*" }),
			await shared.hub.delete("/devices/nobody", { ...sent, ifMatch: "*" }),
			await shared.hub.post("/devices", [{ id: "nobody", importMode: "delete" }], sent),
			await shared.hub.get("/twins/nobody", sent),
			await shared.hub.patch("/twins/nobody", {}, sent),
			await shared.hub.post("/devices/query", { query: "SELECT * FROM devices" }, sent),
		];
		return replies.map(({ status }) => (status === 401 ? "no" : "yes")).join(" ");
	};
	assert.equal(await tryEachRole(["IoT Hub Data Contributor"]), "yes yes yes yes yes yes yes");
	assert.equal(await tryEachRole(["IoT Hub Data Reader"]), "yes no no no yes no yes");
	assert.equal(await tryEachRole(["IoT Hub Registry Contributor"]), "yes yes yes yes no no no");
	assert.equal(await tryEachRole(["IoT Hub Twin Contributor"]), "no no no no yes yes yes");
	assert.equal(await tryEachRole(["Owner"]), "no no no no no no no");
	const { id, clientId } = shared.emulator.control.principals.first;
	shared.emulator.control.principals.setRoles(clientId, []);
	const { clientSecret } = shared.emulator.entra;
	const form = {
		grant_type: "client_credentials",
		client_id: clientId,
		client_secret: clientSecret,
		scope: HUB_SCOPE,
	};
	const { access_token } = (await (await askToken(shared.emulator, form)).json()) as { access_token: string };
	const reply = await shared.hub.get("/devices/a", { authorization: `Bearer ${access_token}` });
	assert.equal(
		reply.at("Message"),
		`ErrorCode:IotHubUnauthorizedAccess;Principal ${id} is not authorized for GET on /devices/a due to no assigned permissions`,
	);
	shared.emulator.control.principals.setRoles(clientId, ["IoT Hub Data Contributor"]);
	assert.equal((await shared.hub.get("/devices", { authorization: `Bearer ${access_token}` })).status, 200);
});

test("tokens for another audience, forged ones and expired ones are 401", async () => {
	await withEmulator({ timeScale: 0 }, async ({ hub, emulator }) => {
		const roles: Role[] = ["IoT Hub Data Contributor"];
		const status = async (authorization: string) => (await hub.get("/devices", { authorization })).status;
		assert.equal(
			await status(await fetchToken(emulator, roles, "https://graph.microsoft.com/.default")),
			401,
		);
		const token = await fetchToken(emulator, roles);
		assert.equal(await status(`${token}x`), 401);
		assert.equal(await status("Bearer a.b.c"), 401);
		emulator.control.clock.advance(3_598_000);
		assert.equal(await status(token), 200);
		emulator.control.clock.advance(1000);
		assert.equal(await status(token), 401);
	});
});

test("a token is valid for an hour of its client's clock, even if the emulator's clock runs faster", async () => {
	await withEmulator({ timeScale: 1e8 }, async ({ hub, emulator }) => {
		const bearer = await fetchToken(emulator, ["IoT Hub Data Contributor"]);
		const signature = hub.token();
		const started = emulator.control.clock.now();
		const getStatuses = () =>
			Promise.all(
				[bearer, signature].map(
					async (authorization) => (await hub.get("/devices", { authorization })).status,
				),
			);
		assert.deepEqual(await getStatuses(), [200, 200]);
		assert.ok(emulator.control.clock.now() - started > 3_600_000);
		emulator.control.clock.advance(3_600_000);
		assert.deepEqual(await getStatuses(), [401, 401]);
	});
});

test("a client secret has only letters and digits, so that no command mistakes it for an option", () => {
	const { principals } = shared.emulator.control;
	for (let count = 0; count < 1000; count++)
		assert.match(principals.add([]).clientSecret, /^[a-z0-9]{40,}$/i);
});

test("a module request for a missing device is 404 with a token", async () => {
	const authorization = await fetchToken(shared.emulator, ["IoT Hub Data Contributor"]);
	assert.equal((await shared.hub.get("/devices/nobody/modules", { authorization })).status, 404);
});

test("a managed identity and a pipeline's job get tokens from their own endpoints", async () => {
	const { managedIdentity, pipeline, clientId } = shared.emulator.entra;
	const url = `${managedIdentity.endpoint}?api-version=2019-08-01&resource=https://iothubs.azure.net`;
	assert.equal((await fetch(url)).status, 401);
	const reply = await fetch(url, { headers: { "x-identity-header": managedIdentity.header } });
	const { access_token, expires_on, token_type } = (await reply.json()) as Record<string, string>;
	assert.equal(token_type, "Bearer");
	assert.ok(Number(expires_on) * 1000 > Date.now());
	assert.equal((await shared.hub.get("/devices", { authorization: `Bearer ${access_token}` })).status, 200);

	const audience = encodeURIComponent("api://AzureADTokenExchange");
	const headers = { authorization: `bearer ${pipeline.requestToken}` };
	assert.equal((await fetch(`${pipeline.requestUrl}&audience=${audience}`)).status, 401);
	const job = (await (await fetch(`${pipeline.requestUrl}&audience=${audience}`, { headers })).json()) as {
		value: string;
	};
	const form = (client_assertion: string) => ({
		grant_type: "client_credentials",
		client_id: clientId,
		client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		client_assertion,
		scope: HUB_SCOPE,
	});
	assert.equal((await askToken(shared.emulator, form(job.value))).status, 200);
	const foreign = (await (await fetch(`${pipeline.requestUrl}&audience=other`, { headers })).json()) as {
		value: string;
	};
	assert.equal((await askToken(shared.emulator, form(foreign.value))).status, 401);
	assert.equal((await askToken(shared.emulator, form("no token"))).status, 401);
});

test("the log contains no bodies of token requests; faults apply to the token endpoint", async () => {
	const { control } = shared.emulator;
	control.requests.reset();
	control.faults.add({ match: { service: "entra" }, action: { kind: "unavailable", retryAfter: 1 } });
	const reply = await askToken(shared.emulator, { client_secret: "precious" });
	assert.deepEqual([reply.status, reply.headers.get("retry-after")], [503, "1"]);
	assert.doesNotMatch(JSON.stringify(control.requests.list()), /precious/);
	assert.equal(control.requests.counts()["POST /{tenant}/oauth2/v2.0/token"], 1);
});

/** Gets a token with each credential of @azure/identity in a process that trusts the emulator's authority. */
const CREDENTIALS = `
const { ClientSecretCredential, ClientAssertionCredential, WorkloadIdentityCredential, ManagedIdentityCredential } = require("@azure/identity");
const { writeFileSync } = require("node:fs");
const { entra } = JSON.parse(process.env.EMULATOR);
const options = { authorityHost: entra.authority, disableInstanceDiscovery: true };
const job = async () => {
	const url = entra.pipeline.requestUrl + "&audience=" + encodeURIComponent("api://AzureADTokenExchange");
	const reply = await fetch(url, { headers: { authorization: "bearer " + entra.pipeline.requestToken } });
	return (await reply.json()).value;
};
(async () => {
	writeFileSync(process.env.TOKEN_FILE, await job());
	const credentials = {
		secret: new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, options),
		assertion: new ClientAssertionCredential(entra.tenantId, entra.clientId, job, options),
		workload: new WorkloadIdentityCredential({ tenantId: entra.tenantId, clientId: entra.clientId, tokenFilePath: process.env.TOKEN_FILE, ...options }),
		managed: new ManagedIdentityCredential(),
		discovered: new ClientSecretCredential(entra.tenantId, entra.clientId, "wrong", options),
	};
	const tokens = {};
	for (const [name, credential] of Object.entries(credentials)) {
		tokens[name] = await credential.getToken("https://iothubs.azure.net/.default").then(({ token }) => token, (error) => error.name + ": " + error.message);
	}
	console.log(JSON.stringify(tokens));
})();
`;

test("the credentials of @azure/identity work over TLS", async () => {
	await withEmulator({ tls: true }, async ({ emulator }) => {
		const { entra, caFile = "" } = emulator;
		const child = spawn(process.execPath, ["-e", CREDENTIALS], {
			cwd: __dirname,
			stdio: ["ignore", "pipe", "inherit"],
			env: {
				...process.env,
				NODE_EXTRA_CA_CERTS: caFile,
				EMULATOR: JSON.stringify({ entra }),
				TOKEN_FILE: `${caFile}.token`,
				IDENTITY_ENDPOINT: entra.managedIdentity.endpoint,
				IDENTITY_HEADER: entra.managedIdentity.header,
			},
		});
		let text = "";
		child.stdout.setEncoding("utf8").on("data", (part: string) => {
			text += part;
		});
		await once(child, "close");
		const { discovered, ...tokens } = JSON.parse(text) as Record<string, string>;
		assert.deepEqual(Object.keys(tokens), ["secret", "assertion", "workload", "managed"]);
		assert.match(discovered ?? "", /AADSTS7000215/);
		for (const [name, token] of Object.entries(tokens)) {
			assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/, `${name}: ${token}`);
			const { aud } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
			assert.equal(aud, "https://iothubs.azure.net");
		}
	});
});
