import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphClient, IDENTITIES, IMPORTED, parseNestedMessage } from "../testing/graphClient.ts";
import { importBody, useGraph, withGraph } from "../testing/useGraph.ts";

const scene = useGraph();

interface TokenReply {
	readonly status: number;
	readonly body: Record<string, unknown>;
}

async function askToken(change: Record<string, string>): Promise<TokenReply> {
	const { entra, graph } = scene.emulator;
	const form = {
		grant_type: "client_credentials",
		client_id: entra.clientId,
		scope: `${graph.url}/.default`,
		...change,
	};
	const url = `${entra.authority}/${entra.tenantId}/oauth2/v2.0/token`;
	const reply = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
	return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

test("G1 a correct secret gets a Bearer token for 3599 seconds; a wrong one is 401 AADSTS7000215", async () => {
	const good = await askToken({ client_secret: scene.emulator.entra.clientSecret });
	assert.equal(good.status, 200);
	assert.deepEqual([good.body["token_type"], good.body["expires_in"]], ["Bearer", 3599]);
	const authorization = `Bearer ${good.body["access_token"]}`;
	assert.equal((await scene.graph.get(IDENTITIES, { authorization })).status, 200);
	const wrong = await askToken({ client_secret: "guess" });
	assert.deepEqual([wrong.status, wrong.body["error"]], [401, "invalid_client"]);
	assert.match(String(wrong.body["error_description"]), /^AADSTS7000215/);
});

test("G2 a scope other than the resource's .default is 400 invalid_scope", async () => {
	const { clientSecret } = scene.emulator.entra;
	for (const scope of ["DeviceManagementServiceConfig.ReadWrite.All", "", scene.emulator.graph.url]) {
		const { status, body } = await askToken({ client_secret: clientSecret, scope });
		assert.deepEqual([status, body["error"]], [400, "invalid_scope"]);
		assert.match(String(body["error_description"]), /^AADSTS1002012/);
	}
});

test("G2 tokens for the emulator's address and for Graph's own are accepted, those for another cloud or a hub are not", async () => {
	const status = async (scope: string) => {
		const authorization = await scene.graph.buyToken(scope);
		return (await scene.graph.get(IDENTITIES, { authorization })).status;
	};
	assert.equal(await status("https://graph.microsoft.com/.default"), 200);
	assert.equal(await status("https://graph.microsoft.com//.default"), 200);
	assert.equal(await status("https://graph.microsoft.us/.default"), 401);
	assert.equal(await status("https://iothubs.azure.net/.default"), 401);
	scene.emulator.control.machines.switches.resource = "https://graph.microsoft.us";
	assert.equal(await status("https://graph.microsoft.us/.default"), 200);
	assert.equal(await status("https://graph.microsoft.com/.default"), 401);
	scene.emulator.control.machines.switches.resource = "https://graph.microsoft.com";
});

test("G3 an assertion of a federated identity replaces the secret", async () => {
	const { pipeline } = scene.emulator.entra;
	const audience = encodeURIComponent("api://AzureADTokenExchange");
	const headers = { authorization: `Bearer ${pipeline.requestToken}` };
	const job = (await (await fetch(`${pipeline.requestUrl}&audience=${audience}`, { headers })).json()) as {
		value: string;
	};
	const { status, body } = await askToken({
		client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		client_assertion: job.value,
	});
	assert.equal(status, 200);
	const authorization = `Bearer ${body["access_token"]}`;
	assert.equal((await scene.graph.get(IDENTITIES, { authorization })).status, 200);
});

test("G4 a missing, a blank, a forged and an expired token are 401 InvalidAuthenticationToken", async () => {
	await withGraph({}, async ({ graph, pass }) => {
		const token = await graph.token();
		for (const authorization of [null, "", "Bearer ", "Basic eDp5", `${token}x`, "Bearer a.b.c"]) {
			const reply = await graph.get(IDENTITIES, { authorization });
			assert.deepEqual([reply.status, reply.at("error.code")], [401, "InvalidAuthenticationToken"]);
		}
		const none = await graph.get(IDENTITIES, { authorization: null });
		assert.equal(none.at("error.message"), "Access token is empty.");
		pass(3598);
		assert.equal((await graph.get(IDENTITIES)).status, 200);
		pass(1);
		const late = await graph.get(IDENTITIES);
		assert.deepEqual([late.status, late.at("error.code")], [401, "InvalidAuthenticationToken"]);
	});
});

test("G5 without a role the response is 403 and names the scopes; the reading role can read but not write", async () => {
	const nobody = new GraphClient(scene.emulator, ["IoT Hub Data Contributor"]);
	const refused = await nobody.get(IDENTITIES);
	assert.deepEqual([refused.status, refused.at("error.code")], [403, "Forbidden"]);
	assert.equal(
		parseNestedMessage(refused),
		"Application is not authorized to perform this operation. Application must have one of the following scopes: DeviceManagementServiceConfig.Read.All, DeviceManagementServiceConfig.ReadWrite.All",
	);
	const reader = new GraphClient(scene.emulator, ["DeviceManagementServiceConfig.Read.All"]);
	assert.equal((await reader.get(IDENTITIES)).status, 200);
	const id = "00000000-0000-4000-8000-000000000001";
	const writes = [
		await reader.post(IMPORTED, importBody("G5")),
		await reader.post(`${IMPORTED}/import`, { importedWindowsAutopilotDeviceIdentities: [] }),
		await reader.delete(`${IMPORTED}/${id}`),
		await reader.post(`${IDENTITIES}/${id}/updateDeviceProperties`, {}),
		await reader.delete(`${IDENTITIES}/${id}`),
		await reader.post(`${IDENTITIES}/deleteDevices`, { serialNumbers: [] }),
	];
	assert.deepEqual(new Set(writes.map(({ status }) => status)), new Set([403]));
	assert.deepEqual(scene.emulator.control.machines.imports(), []);
});

test("G5 roles are those of the token: a grant takes effect with the next token", async () => {
	const { principals } = scene.emulator.control;
	const late = new GraphClient(scene.emulator, []);
	const old = await late.token();
	const { clientId } = principals.list().at(-1) ?? { clientId: "" };
	principals.setRoles(clientId, ["DeviceManagementServiceConfig.Read.All"]);
	assert.equal((await late.get(IDENTITIES, { authorization: old })).status, 403);
});
