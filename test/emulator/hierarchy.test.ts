import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "./testing/hubClient.ts";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const EDGE = { capabilities: { iotEdge: true } };

async function create(body: object): Promise<{ reply: Reply; path: string; id: string }> {
	const id = createFreshId();
	const path = `/devices/${id}`;
	const reply = await shared.hub.put(path, { deviceId: id, ...body });
	assert.equal(reply.status, 200);
	return { reply, path, id };
}

async function createEdgeScope(): Promise<string> {
	return String((await create(EDGE)).reply.at("deviceScope"));
}

function update(path: string, body: object): Promise<Reply> {
	return shared.hub.put(path, body, { ifMatch: "*" });
}

function getScopes(reply: Reply): unknown[] {
	return [reply.status, reply.at("deviceScope"), reply.at("parentScopes")];
}

test("29 an edge device gets its own scope, derived from its id and generation", async () => {
	const { reply, id, path } = await create({ ...EDGE, deviceScope: "ms-azure-iot-edge://mine-1" });
	const own = `ms-azure-iot-edge://${id}-${reply.at("generationId")}`;
	assert.deepEqual(getScopes(reply), [200, own, []]);
	assert.deepEqual(getScopes(await shared.hub.get(path)), [200, own, []]);
});

test("30 a leaf created with a deviceScope has it in parentScopes too", async () => {
	const parent = await createEdgeScope();
	const { reply, path } = await create({ deviceScope: parent });
	assert.deepEqual(getScopes(reply), [200, parent, [parent]]);
	assert.deepEqual(getScopes(await shared.hub.get(path)), [200, parent, [parent]]);
});

test("31 a leaf with parentScopes alone has no parent", async () => {
	const { reply, path } = await create({ parentScopes: [await createEdgeScope()] });
	assert.deepEqual(getScopes(reply), [200, undefined, []]);
	assert.deepEqual(getScopes(await shared.hub.get(path)), [200, undefined, undefined]);
});

test('32 a leaf updated with deviceScope "" or without it no longer has a parent', async () => {
	const parent = await createEdgeScope();
	for (const body of [{ deviceScope: "" }, {}]) {
		const { path } = await create({ deviceScope: parent });
		assert.deepEqual(getScopes(await update(path, body)), [200, undefined, undefined]);
		assert.deepEqual(getScopes(await shared.hub.get(path)), [200, undefined, undefined]);
	}
});

test("33 an edge device's own scope must be echoed", async () => {
	const { reply, path } = await create(EDGE);
	const own = reply.at("deviceScope");
	for (const deviceScope of [undefined, "", " ", null, "ms-azure-iot-edge://other-1"]) {
		const refused = await update(path, { ...EDGE, deviceScope, status: "disabled" });
		assert.equal(refused.status, 400);
		assert.match(String(refused.at("Message")), /Device scope is immutable/);
	}
	assert.equal((await shared.hub.get(path)).at("status"), "enabled");
	const echoed = await update(path, { ...EDGE, deviceScope: own, status: "disabled" });
	assert.deepEqual([echoed.status, echoed.at("status"), echoed.at("deviceScope")], [200, "disabled", own]);
});

test("34 an edge device's parent is the entry in parentScopes, which has at most one", async () => {
	const [parent, other] = [await createEdgeScope(), await createEdgeScope()];
	const { reply, path } = await create({ ...EDGE, parentScopes: [parent] });
	const deviceScope = reply.at("deviceScope");
	assert.deepEqual(reply.at("parentScopes"), [parent]);
	assert.deepEqual((await update(path, { ...EDGE, deviceScope })).at("parentScopes"), []);
	assert.deepEqual((await update(path, { ...EDGE, deviceScope, parentScopes: [other] })).at("parentScopes"), [
		other,
	]);
	assert.deepEqual((await update(path, { ...EDGE, deviceScope, parentScopes: [] })).at("parentScopes"), []);
	assert.equal((await update(path, { ...EDGE, deviceScope, parentScopes: [parent, other] })).status, 400);
	assert.equal((await update(path, { ...EDGE, deviceScope, parentScopes: parent })).status, 400);
});

test("35 a leaf becomes an edge device with a blank scope, but gets 503 with its parent's scope", async () => {
	const parent = await createEdgeScope();
	const { path, id } = await create({ deviceScope: parent });
	const failed = await update(path, { ...EDGE, deviceScope: parent });
	assert.deepEqual([failed.status, failed.headers["iothub-errorcode"]], [503, "ServiceUnavailable"]);
	assert.equal((await shared.hub.get(path)).at("capabilities.iotEdge"), false);
	const turned = await update(path, { ...EDGE, deviceScope: "", parentScopes: [parent] });
	assert.deepEqual(getScopes(turned), [200, `ms-azure-iot-edge://${id}-`, [parent]]);
});

test("36 deleting a parent leaves its children unchanged", async () => {
	const parent = await create(EDGE);
	const scope = String(parent.reply.at("deviceScope"));
	const child = await create({ deviceScope: scope });
	const before = (await shared.hub.get(child.path)).text;
	assert.equal((await shared.hub.delete(parent.path)).status, 204);
	assert.equal((await shared.hub.get(child.path)).text, before);
});

test("an edge device that becomes a leaf loses its parent in that write, and gets one in the next", async () => {
	const parent = await createEdgeScope();
	const { reply, path } = await create({ ...EDGE, parentScopes: [parent] });
	const body = { ...(reply.json as object), capabilities: { iotEdge: false } };
	assert.deepEqual(getScopes(await update(path, body)), [200, undefined, []]);
	assert.deepEqual(getScopes(await update(path, { deviceScope: parent })), [200, parent, [parent]]);
});

test("an unknown scope is kept, or rejected with a switch, in a single PUT but not in bulk", async () => {
	assert.deepEqual(getScopes((await create({ deviceScope: "someScope" })).reply), [
		200,
		"someScope",
		["someScope"],
	]);
	await withEmulator({ switches: { unknownScope: "reject" } }, async ({ hub }) => {
		const refused = await hub.put("/devices/a", { deviceScope: "someScope" });
		assert.deepEqual([refused.status, refused.headers["iothub-errorcode"]], [400, "InvalidDeviceScope"]);
		const bulk = await hub.post("/devices", [{ id: "b", importMode: "create", deviceScope: "someScope" }]);
		assert.equal(bulk.status, 200);
		const scope = (await hub.put("/devices/edge", EDGE)).at("deviceScope");
		assert.equal((await hub.put("/devices/a", { deviceScope: scope })).status, 200);
	});
});
