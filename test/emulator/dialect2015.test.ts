import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const PREVIEW = { apiVersion: "2015-08-15-preview" };
const KEYS = {
	primary: Buffer.alloc(32, 1).toString("base64"),
	secondary: Buffer.alloc(32, 2).toString("base64"),
};

test("the 2015 preview has auth.symKey, statusUpdateTime and lower-case connection states, and no later members", async () => {
	const id = createFreshId();
	const body = { deviceId: id, auth: { symKey: KEYS }, status: "disabled", statusReason: "why" };
	const created = await shared.hub.put(`/devices/${id}`, body, PREVIEW);
	assert.equal(created.status, 200);
	assert.deepEqual(created.json, {
		deviceId: id,
		generationId: created.at("generationId"),
		etag: created.at("etag"),
		auth: { symKey: KEYS },
		status: "disabled",
		statusReason: "why",
		statusUpdateTime: "0001-01-01T00:00:00Z",
		connectionState: "disconnected",
		connectionStateUpdatedTime: "0001-01-01T00:00:00Z",
		lastActivityTime: "0001-01-01T00:00:00Z",
	});
	assert.equal(created.headers.etag, `"${created.at("etag")}"`);
	assert.deepEqual((await shared.hub.get(`/devices/${id}`, PREVIEW)).json, created.json);
	shared.emulator.control.devices.connect(id);
	assert.equal((await shared.hub.get(`/devices/${id}`, PREVIEW)).at("connectionState"), "connected");
	const listed = (await shared.hub.get("/devices", PREVIEW)).json as Array<Record<string, unknown>>;
	assert.ok(listed.every((device) => "auth" in device && !("authentication" in device)));
});

test("the 2015 preview has the same preconditions and key rules, and resets omitted members", async () => {
	const path = `/devices/${createFreshId()}`;
	const etag = (await shared.hub.put(path, { auth: { symKey: KEYS } }, PREVIEW)).at("etag");
	assert.equal((await shared.hub.put(path, {}, PREVIEW)).status, 409);
	assert.equal((await shared.hub.put(path, {}, { ...PREVIEW, ifMatch: '"MTIz"' })).status, 412);
	const half = { auth: { symKey: { primary: KEYS.primary } } };
	assert.equal((await shared.hub.put(path, half, { ...PREVIEW, ifMatch: "*" })).status, 400);
	const updated = await shared.hub.put(path, { status: "disabled" }, { ...PREVIEW, ifMatch: `"${etag}"` });
	assert.equal(updated.status, 200);
	assert.notDeepEqual(updated.at("auth.symKey"), KEYS);
	assert.match(String(updated.at("statusUpdateTime")), /^20/);
	assert.equal((await shared.hub.delete(path, { ...PREVIEW })).status, 412);
	assert.equal((await shared.hub.delete(path, { ...PREVIEW, ifMatch: "*" })).status, 204);
});

test("the 2015 preview has no hierarchy and leaves it unchanged; it does not know later members", async () => {
	const path = `/devices/${createFreshId()}`;
	const edge = await shared.hub.put(path, { capabilities: { iotEdge: true } });
	const body = {
		auth: { symKey: KEYS },
		authentication: { type: "certificateAuthority" },
		capabilities: { iotEdge: false },
	};
	assert.equal((await shared.hub.put(path, body, { ...PREVIEW, ifMatch: "*" })).status, 200);
	const after = await shared.hub.get(path);
	assert.equal(after.at("authentication.type"), "sas");
	assert.equal(after.at("authentication.symmetricKey.primaryKey"), KEYS.primary);
	assert.equal(after.at("capabilities.iotEdge"), true);
	assert.equal(after.at("deviceScope"), edge.at("deviceScope"));
});

test("the 2015 preview has no twins, queries, modules or bulk calls", async () => {
	const replies = [
		await shared.hub.get("/twins/a", PREVIEW),
		await shared.hub.post("/devices/query", { query: "SELECT * FROM devices" }, PREVIEW),
		await shared.hub.get("/devices/a/modules", PREVIEW),
		await shared.hub.post("/devices", [], PREVIEW),
	];
	for (const reply of replies) {
		assert.deepEqual([reply.status, reply.headers["iothub-errorcode"]], [400, "InvalidProtocolVersion"]);
	}
});
