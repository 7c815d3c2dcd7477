import assert from "node:assert/strict";
import { test } from "node:test";
import { OTHER_TENANT_ID, TENANT_ID } from "./emulator.ts";
import { readClaims } from "./entra/issuer.ts";
import { IDENTITIES, IMPORTED } from "./testing/graphClient.ts";
import { commandControl } from "./testing/useEmulator.ts";
import { importBody, type Scene, withGraph } from "./testing/useGraph.ts";

/** Requests a token as the first application of a tenant, and returns the status and the token. */
async function askToken(
	{ emulator: { entra } }: Scene,
	{ tenantId, scope }: { tenantId: string; scope: string },
): Promise<{ status: number; token: string }> {
	const reply = await fetch(`${entra.authority}/${tenantId}/oauth2/v2.0/token`, {
		method: "POST",
		body: new URLSearchParams({
			grant_type: "client_credentials",
			client_id: entra.clientId,
			client_secret: entra.clientSecret,
			scope,
		}),
	});
	const { access_token: token = "" } = (await reply.json()) as { access_token?: string };
	return { status: reply.status, token };
}

const GRAPH = "https://graph.microsoft.com/.default";
const HUB = "https://iothubs.azure.net/.default";

test("a token is a JWT with the tenant of its endpoint; a tenant that does not exist issues none", () =>
	withGraph({}, async (scene) => {
		for (const tenantId of [TENANT_ID, OTHER_TENANT_ID]) {
			const { token } = await askToken(scene, { tenantId: tenantId.toUpperCase(), scope: GRAPH });
			const { tid, iss } = readClaims(token) ?? {};
			assert.deepEqual([tid, iss], [tenantId, `https://sts.windows.net/${tenantId}/`]);
		}
		const unknown = await askToken(scene, { tenantId: TENANT_ID.replace("6", "7"), scope: GRAPH });
		assert.deepEqual(unknown, { status: 400, token: "" });
	}));

test("each tenant has machines and imports of its own, and a hash is registered in one of them only", () =>
	withGraph({ writeLimit: 0 }, async (scene) => {
		const { graph, emulator, pass } = scene;
		const { machines, otherTenantMachines } = emulator.control;
		const id = await scene.register("5CG-1");
		const { token } = await askToken(scene, { tenantId: OTHER_TENANT_ID, scope: GRAPH });
		const elsewhere = { authorization: `Bearer ${token}` };
		assert.equal((await graph.get(`${IDENTITIES}/${id}`, elsewhere)).status, 404);
		assert.deepEqual((await graph.get(IDENTITIES, elsewhere)).at("value"), []);
		assert.equal((await graph.delete(`${IDENTITIES}/${id}`, elsewhere)).status, 400);
		const refused = await graph.post(IMPORTED, importBody("5CG-1"), elsewhere);
		const taken = await graph.post(IMPORTED, importBody("5CG-2"), elsewhere);
		pass(120);
		const readState = async (recordId: unknown) =>
			(await graph.get(`${IMPORTED}/${String(recordId)}`, elsewhere)).at("state.deviceErrorName");
		assert.equal(await readState(refused.at("id")), "ZtdDeviceAssignedToOtherTenant");
		assert.equal(await readState(taken.at("id")), "None");
		assert.deepEqual(
			[machines, otherTenantMachines].map((each) => each.list().map(({ serialNumber }) => serialNumber)),
			[["5CG-1"], ["5CG-2"]],
		);
	}));

test("a hub accepts tokens of its own tenant only", () =>
	withGraph({}, async (scene) => {
		const getStatus = async (tenantId: string): Promise<number> => {
			const { token } = await askToken(scene, { tenantId, scope: HUB });
			const url = `${scene.emulator.iotHub.url}/devices?api-version=2021-04-12`;
			return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
		};
		assert.deepEqual([await getStatus(TENANT_ID), await getStatus(OTHER_TENANT_ID)], [200, 401]);
	}));

test("tokens of the managed identity can be of the other tenant, and tokens can be opaque", () =>
	withGraph({}, async (scene) => {
		const { emulator, graph } = scene;
		const { endpoint, header } = emulator.entra.managedIdentity;
		const ask = async (): Promise<string> => {
			const url = `${endpoint}?api-version=2019-08-01&resource=https://graph.microsoft.com`;
			const reply = await fetch(url, { headers: { "x-identity-header": header } });
			return ((await reply.json()) as { access_token: string }).access_token;
		};
		assert.equal(readClaims(await ask())?.["tid"], TENANT_ID);
		const changed = await commandControl({ emulator }, "PATCH", "/sign-in", { tenantId: OTHER_TENANT_ID });
		assert.deepEqual(changed, { tenantId: OTHER_TENANT_ID, isOpaque: false });
		assert.equal(readClaims(await ask())?.["tid"], OTHER_TENANT_ID);
		await commandControl({ emulator }, "PATCH", "/sign-in", { tenantId: TENANT_ID, isOpaque: true });
		const opaque = await ask();
		assert.equal(readClaims(opaque), undefined);
		const id = await scene.register("5CG-1");
		const reply = await graph.get(`${IDENTITIES}/${id}`, { authorization: `Bearer ${opaque}` });
		assert.equal(reply.status, 200);
		emulator.control.clock.advance(3_600_000);
		assert.equal((await graph.get(IDENTITIES, { authorization: `Bearer ${opaque}` })).status, 401);
	}));
