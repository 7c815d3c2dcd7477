import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

async function createDevice(
	body: object = {},
): Promise<{ id: string; path: string; twin: string; etag: unknown }> {
	const id = createFreshId();
	const reply = await shared.hub.put(`/devices/${id}`, { deviceId: id, ...body });
	return { id, path: `/devices/${id}`, twin: `/twins/${id}`, etag: reply.at("etag") };
}

test("51 twin writes move only the twin's etag, identity writes only deviceEtag, connections neither", async () => {
	const { id, path, twin, etag } = await createDevice();
	const etags = async () => {
		const [reply, identity] = [await shared.hub.get(twin), await shared.hub.get(path)];
		assert.equal(reply.at("deviceEtag"), identity.at("etag"));
		return [reply.at("etag"), reply.at("deviceEtag")];
	};
	assert.deepEqual(await etags(), ["AAAAAAAAAAE=", etag]);
	const patched = await shared.hub.patch(twin, { tags: { a: 1 } });
	assert.equal(patched.at("etag"), "AAAAAAAAAAI=");
	assert.deepEqual(await etags(), ["AAAAAAAAAAI=", etag]);
	const moved = (await shared.hub.put(path, {}, { ifMatch: "*" })).at("etag");
	assert.notEqual(moved, etag);
	assert.deepEqual(await etags(), ["AAAAAAAAAAI=", moved]);
	const { devices } = shared.emulator.control;
	for (const happen of [devices.connect, devices.sendTelemetry, devices.disconnect]) happen.call(devices, id);
	assert.deepEqual(await etags(), ["AAAAAAAAAAI=", moved]);
	const after = await shared.hub.get(path);
	assert.equal(after.at("cloudToDeviceMessageCount"), 1);
	assert.match(String(after.at("lastActivityTime")), /^20/);
});

test("52 deleting a device deletes its twin, and a recreated one has a new twin", async () => {
	const { path, twin } = await createDevice();
	await shared.hub.patch(twin, { tags: { a: 1 }, properties: { desired: { b: 2 } } });
	await shared.hub.delete(path);
	assert.equal((await shared.hub.get(twin)).headers["iothub-errorcode"], "DeviceNotFound");
	await shared.hub.put(path, {});
	const fresh = await shared.hub.get(twin);
	assert.deepEqual([fresh.at("version"), fresh.at("etag"), fresh.at("tags")], [2, "AAAAAAAAAAE=", undefined]);
	assert.deepEqual(fresh.at("properties.desired"), {
		$metadata: { $lastUpdated: "0001-01-01T00:00:00Z" },
		$version: 1,
	});
});

test("53 an edge device has the modules $edgeAgent and $edgeHub; such ids cannot be put", async () => {
	const { path } = await createDevice({ capabilities: { iotEdge: true } });
	const modules = (await shared.hub.get(`${path}/modules`)).json as Array<Record<string, unknown>>;
	assert.deepEqual(
		modules.map(({ moduleId, managedBy }) => [moduleId, managedBy]),
		[
			["$edgeAgent", "iotEdge"],
			["$edgeHub", "iotEdge"],
		],
	);
	assert.equal((await shared.hub.get(`${path}/modules/$edgeAgent`)).at("authentication.type"), "none");
	assert.equal((await shared.hub.put(`${path}/modules/$x`, { moduleId: "$x" })).status, 400);
	assert.equal((await shared.hub.delete(`${path}/modules/%24edgeHub`)).status, 400);
});

test("a POST with X-HTTP-Method-Override, as the Java client sends it, is a PATCH; any other POST is 405", async () => {
	const { path: device, twin } = await createDevice();
	await shared.hub.put(`${device}/modules/camera`, {});
	const asPatch = { headers: { "x-http-method-override": "PATCH" } };
	for (const path of [twin, `${twin}/modules/camera`]) {
		const reply = await shared.hub.post(path, { tags: { site: "north" } }, asPatch);
		assert.deepEqual([reply.status, reply.at("tags.site")], [200, "north"]);
		assert.equal((await shared.hub.get(path)).at("tags.site"), "north");
		assert.equal(shared.emulator.control.requests.list().at(-2)?.route?.split(" ")[0], "PATCH");
	}
	assert.equal((await shared.hub.post(twin, {})).status, 405);
	const asPut = { headers: { "x-http-method-override": "PUT" } };
	assert.equal((await shared.hub.post(twin, {}, asPut)).status, 405);
	assert.equal((await shared.hub.get(twin, asPatch)).status, 200);
	const query = { query: "SELECT * FROM devices" };
	assert.equal((await shared.hub.post("/devices/query", query, asPatch)).status, 405);
	assert.equal((await shared.hub.as("registryReadWrite").post(twin, {}, asPatch)).status, 401);
});

test("PATCH merges and null removes; PUT replaces tags and desired properties", async () => {
	const { twin } = await createDevice();
	await shared.hub.patch(twin, { tags: { a: { b: 1, c: 2 } }, properties: { desired: { x: 1, y: [1, 2] } } });
	const merged = await shared.hub.patch(twin, {
		tags: { a: { b: null, d: 3 } },
		properties: { desired: { x: null } },
	});
	assert.deepEqual(merged.at("tags"), { a: { c: 2, d: 3 } });
	assert.deepEqual(merged.at("properties.desired.y"), [1, 2]);
	assert.equal(merged.at("properties.desired.x"), undefined);
	assert.equal(merged.at("properties.desired.$version"), 3);
	assert.equal(merged.at("version"), 4);
	const replaced = await shared.hub.put(twin, { properties: { desired: { z: true } } });
	assert.equal(replaced.at("tags"), undefined);
	assert.equal(replaced.at("properties.desired.y"), undefined);
	assert.equal(replaced.at("properties.desired.z"), true);
	assert.equal((await shared.hub.patch(twin, merged.json)).status, 200);
});

test("twin preconditions: none is required, a stale one is 412, the current one and * pass", async () => {
	const { twin } = await createDevice();
	const patch = (ifMatch?: string) =>
		shared.hub.patch(twin, { tags: { n: 1 } }, ifMatch === undefined ? {} : { ifMatch });
	assert.equal((await patch()).status, 200);
	assert.equal((await patch('"AAAAAAAAAAE="')).status, 412);
	assert.equal((await patch('"AAAAAAAAAAI="')).status, 200);
	for (const ifMatch of ["*", "AAAAAAAAAAQ=", '"*"', '""']) assert.equal((await patch(ifMatch)).status, 200);
	assert.equal((await patch()).headers.etag, undefined);
	assert.equal((await shared.hub.patch("/twins/nobody", {})).status, 404);
});

test("twins repeat the identity under their own names, without keys or generation", async () => {
	const { id, twin, path } = await createDevice({ statusReason: "why" });
	await shared.hub.put(
		path,
		{ status: "disabled", authentication: { type: "certificateAuthority" } },
		{ ifMatch: "*" },
	);
	const reply = await shared.hub.get(twin);
	const identity = await shared.hub.get(path);
	assert.equal(reply.at("deviceId"), id);
	assert.equal(reply.at("status"), "disabled");
	assert.equal(reply.at("statusUpdateTime"), identity.at("statusUpdatedTime"));
	assert.equal(reply.at("authenticationType"), "certificateAuthority");
	assert.deepEqual(reply.at("x509Thumbprint"), { primaryThumbprint: null, secondaryThumbprint: null });
	for (const name of ["generationId", "authentication", "statusUpdatedTime", "connectionStateUpdatedTime"]) {
		assert.equal(reply.at(name), undefined);
	}
	assert.doesNotMatch(reply.text, /symmetricKey/);
});

test("tags and desired properties must be objects with valid keys, at most ten deep", async () => {
	const { twin } = await createDevice();
	let deep: object = { leaf: 1 };
	for (let level = 0; level < 10; level += 1) deep = { deep };
	const wrong = [
		{ tags: [] },
		{ tags: { "a.b": 1 } },
		{ tags: { "a b": 1 } },
		{ tags: { $a: 1 } },
		{ tags: deep },
	];
	for (const body of wrong) assert.equal((await shared.hub.patch(twin, body)).status, 400);
	for (const body of ["", "null", "[]", '{"properties":7}'])
		assert.equal((await shared.hub.patch(twin, body)).status, 400);
	const hostile = await shared.hub.patch(twin, '{"tags":{"__proto__":{"polluted":true},"constructor":1}}');
	assert.equal(hostile.status, 200);
	assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("modules: create, conflict, replace, delete", async () => {
	const { id, path } = await createDevice();
	const module = `${path}/modules/camera`;
	const first = await shared.hub.put(module, { moduleId: "camera", deviceId: id, managedBy: "me" });
	assert.deepEqual([first.status, first.at("managedBy"), first.headers.etag], [200, "me", undefined]);
	const again = await shared.hub.put(module, { moduleId: "camera" });
	assert.deepEqual([again.status, again.headers["iothub-errorcode"]], [409, "ModuleAlreadyExistsOnDevice"]);
	assert.equal(again.at("errorCode"), 409301);
	assert.equal(typeof again.at("trackingId"), "string");
	const replaced = await shared.hub.put(
		module,
		{ authentication: { type: "none" } },
		{ ifMatch: `"${first.at("etag")}"` },
	);
	assert.deepEqual([replaced.at("managedBy"), replaced.at("authentication.type")], [null, "sas"]);
	assert.notDeepEqual(replaced.at("authentication.symmetricKey"), first.at("authentication.symmetricKey"));
	assert.equal((await shared.hub.get(`/twins/${id}/modules/camera`)).at("deviceEtag"), replaced.at("etag"));
	assert.equal((await shared.hub.delete(module, { ifMatch: `"${first.at("etag")}"` })).status, 412);
	assert.equal((await shared.hub.delete(module, {})).status, 412);
	assert.equal((await shared.hub.delete(module)).status, 204);
	assert.equal((await shared.hub.get(module)).headers["iothub-errorcode"], "ModuleNotFound");
	assert.equal(
		(await shared.hub.get(path)).at("etag"),
		(await shared.hub.get(`/twins/${id}`)).at("deviceEtag"),
	);
});

test("module requests for a missing or disabled device are 401 with a signature", async () => {
	const { path } = await createDevice({ status: "disabled" });
	assert.equal((await shared.hub.get(`${path}/modules`)).status, 401);
	assert.equal((await shared.hub.get("/devices/nobody/modules")).status, 401);
	await withEmulator({ switches: { moduleCallsNeedEnabledDevice: false } }, async ({ hub }) => {
		assert.equal((await hub.get("/devices/nobody/modules")).status, 404);
	});
});

test("a device has at most 50 modules besides those of the edge runtime", async () => {
	const { path } = await createDevice({ capabilities: { iotEdge: true } });
	for (let at = 0; at < 50; at += 1)
		assert.equal((await shared.hub.put(`${path}/modules/m${at}`, {})).status, 200);
	const reply = await shared.hub.put(`${path}/modules/m50`, {});
	assert.deepEqual([reply.status, reply.at("errorCode")], [413, 413003]);
});
