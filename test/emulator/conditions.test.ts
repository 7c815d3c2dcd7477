import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

/** Returns a stale etag: the counter before the current one. */
function createStaleEtag(etag: unknown): string {
	const counter = BigInt(Buffer.from(String(etag), "base64").toString("ascii"));
	return Buffer.from(String(counter - 1n)).toString("base64");
}

async function createDevice(): Promise<{ id: string; path: string; etag: string }> {
	const id = createFreshId();
	const reply = await shared.hub.put(`/devices/${id}`, { deviceId: id });
	assert.equal(reply.status, 200);
	return { id, path: `/devices/${id}`, etag: String(reply.at("etag")) };
}

test("1 PUT of a minimal body without If-Match creates a device with two different 32-byte keys", async () => {
	const reply = await shared.hub.put("/devices/minimal", { deviceId: "minimal" });
	assert.equal(reply.status, 200);
	assert.equal(reply.at("authentication.type"), "sas");
	const keys = ["primaryKey", "secondaryKey"].map((name) =>
		String(reply.at(`authentication.symmetricKey.${name}`)),
	);
	assert.notEqual(keys[0], keys[1]);
	for (const key of keys) {
		assert.equal(key.length, 44);
		assert.equal(Buffer.from(key, "base64").length, 32);
	}
});

test("2 the same PUT again is 409 DeviceAlreadyExists", async () => {
	const { id, path } = await createDevice();
	const reply = await shared.hub.put(path, { deviceId: id });
	assert.equal(reply.status, 409);
	assert.equal(reply.headers["iothub-errorcode"], "DeviceAlreadyExists");
	assert.equal(
		reply.at("Message"),
		`ErrorCode:DeviceAlreadyExists;A device with ID '${id}' is already registered.`,
	);
	assert.match(String(reply.at("ExceptionMessage")), /^Tracking ID:[0-9a-f]{32}-G:12-TimeStamp:/);
});

test("3 an etag in the body does not help: 409 even when it is the current one", async () => {
	const { id, path, etag } = await createDevice();
	assert.equal((await shared.hub.put(path, { deviceId: id, etag })).status, 409);
});

test('4 PUT with If-Match * or "*" overwrites', async () => {
	const { id, path } = await createDevice();
	for (const [ifMatch, statusReason] of [
		["*", "bare"],
		['"*"', "quoted"],
	] as const) {
		const reply = await shared.hub.put(path, { deviceId: id, statusReason }, { ifMatch });
		assert.equal(reply.status, 200);
		assert.equal((await shared.hub.get(path)).at("statusReason"), statusReason);
	}
});

test("5 PUT with any If-Match on a missing device is 404 and names the id", async () => {
	for (const ifMatch of ["*", '"*"', '"MTIz"', "MTIz"]) {
		const reply = await shared.hub.put("/devices/nobody", { deviceId: "nobody" }, { ifMatch });
		assert.equal(reply.status, 404);
		assert.equal(reply.headers["iothub-errorcode"], "DeviceNotFound");
		assert.equal(reply.at("Message"), "ErrorCode:DeviceNotFound;nobody");
	}
	assert.equal(shared.emulator.control.devices.get("nobody"), undefined);
});

test("6 PUT with a stale If-Match is 412 and changes nothing", async () => {
	const { id, path, etag } = await createDevice();
	const before = (await shared.hub.get(path)).text;
	const reply = await shared.hub.put(
		path,
		{ deviceId: id, status: "disabled" },
		{ ifMatch: `"${createStaleEtag(etag)}"` },
	);
	assert.equal(reply.status, 412);
	assert.equal(reply.headers["iothub-errorcode"], "PreconditionFailed");
	assert.equal(reply.headers.etag, undefined);
	assert.equal((await shared.hub.get(path)).text, before);
});

test("7 PUT with the current If-Match is 200 and the etag moves", async () => {
	const { id, path, etag } = await createDevice();
	const reply = await shared.hub.put(path, { deviceId: id }, { ifMatch: `"${etag}"` });
	assert.equal(reply.status, 200);
	assert.notEqual(reply.at("etag"), etag);
});

test("8 an unquoted current etag in If-Match works, unless a switch rejects it", async () => {
	const { id, path, etag } = await createDevice();
	const reply = await shared.hub.put(path, { deviceId: id }, { ifMatch: etag });
	assert.equal(reply.status, 200);
	assert.equal((await shared.hub.put(path, { deviceId: id }, { ifMatch: etag })).status, 412);
	await withEmulator({ switches: { unquotedIfMatch: "reject" } }, async ({ hub }) => {
		const now = (await hub.put("/devices/a", {})).at("etag");
		assert.equal((await hub.put("/devices/a", {}, { ifMatch: String(now) })).status, 412);
		assert.equal((await hub.delete("/devices/a", { ifMatch: String(now) })).status, 412);
	});
	await withEmulator({ switches: { unquotedIfMatch: "ignore" } }, async ({ hub }) => {
		const now = (await hub.put("/devices/a", {})).at("etag");
		assert.equal((await hub.put("/devices/a", {}, { ifMatch: createStaleEtag(now) })).status, 200);
	});
});

test('9 If-Match "" counts as absent: it creates, and on an existing device is 409', async () => {
	const id = createFreshId();
	const reply = await shared.hub.put(`/devices/${id}`, { deviceId: id }, { ifMatch: '""' });
	assert.equal(reply.status, 200);
	assert.equal((await shared.hub.put(`/devices/${id}`, { deviceId: id }, { ifMatch: '""' })).status, 409);
	assert.equal((await shared.hub.delete(`/devices/${id}`, { ifMatch: '""' })).status, 412);
	await withEmulator({ switches: { emptyIfMatchOnExisting: "overwrite" } }, async ({ hub }) => {
		await hub.put("/devices/a", {});
		assert.equal((await hub.put("/devices/a", {}, { ifMatch: '""' })).status, 200);
	});
});

test("10 create answers 200, not 201", async () => {
	const id = createFreshId();
	assert.equal((await shared.hub.put(`/devices/${id}`, { deviceId: id })).status, 200);
});

test("11 DELETE without If-Match is 412 Etag missing", async () => {
	const { path } = await createDevice();
	const reply = await shared.hub.delete(path, {});
	assert.equal(reply.status, 412);
	assert.equal(reply.headers["iothub-errorcode"], "PreconditionFailed");
	assert.match(String(reply.at("Message")), /Etag missing/);
	assert.equal((await shared.hub.get(path)).status, 200);
	assert.equal((await shared.hub.delete("/devices/nobody", {})).status, 404);
	await withEmulator({ switches: { deleteMissingWithoutIfMatch: 412 } }, async ({ hub }) => {
		assert.equal((await hub.delete("/devices/nobody", {})).status, 412);
	});
});

test('12 DELETE "*" answers 204 without a body; then GET and a second DELETE are 404', async () => {
	const { path } = await createDevice();
	const reply = await shared.hub.delete(path, { ifMatch: '"*"' });
	assert.equal(reply.status, 204);
	assert.equal(reply.text, "");
	assert.equal(reply.headers["content-length"], "0");
	assert.equal(reply.headers["content-type"], undefined);
	assert.equal((await shared.hub.get(path)).status, 404);
	const second = await shared.hub.delete(path, { ifMatch: "*" });
	assert.equal(second.status, 404);
	assert.equal(second.headers["iothub-errorcode"], "DeviceNotFound");
});

test("13 DELETE with a stale etag is 412 and keeps the device; with the current one it is 204", async () => {
	const { path, etag } = await createDevice();
	assert.equal((await shared.hub.delete(path, { ifMatch: `"${createStaleEtag(etag)}"` })).status, 412);
	assert.equal((await shared.hub.get(path)).status, 200);
	assert.equal((await shared.hub.delete(path, { ifMatch: `"${etag}"` })).status, 204);
});

test("14 the etag is base64 of a decimal number, unquoted in the body and quoted in the header", async () => {
	const { id, path, etag } = await createDevice();
	assert.match(Buffer.from(etag, "base64").toString("ascii"), /^\d+$/);
	const replies = [
		await shared.hub.get(path),
		await shared.hub.put(path, { deviceId: id }, { ifMatch: `"${etag}"` }),
		await shared.hub.put("/devices/header", { deviceId: "header" }),
	];
	for (const reply of replies) assert.equal(reply.headers.etag, `"${reply.at("etag")}"`);
});

test("15 every PUT moves the etag by one, even if nothing changes", async () => {
	const { path, etag } = await createDevice();
	const readEtagCounter = (text: unknown) => Number(Buffer.from(String(text), "base64").toString("ascii"));
	const body = (await shared.hub.get(path)).json;
	const moved = await shared.hub.put(path, body, { ifMatch: `"${etag}"` });
	assert.equal(readEtagCounter(moved.at("etag")), readEtagCounter(etag) + 1);
	const disabled = await shared.hub.put(path, { ...(body as object), status: "disabled" }, { ifMatch: "*" });
	assert.equal(readEtagCounter(disabled.at("etag")), readEtagCounter(etag) + 2);
	await withEmulator({ switches: { noopPutMovesEtag: false } }, async ({ hub }) => {
		const first = await hub.put("/devices/a", {});
		const second = await hub.put("/devices/a", first.json, { ifMatch: "*" });
		assert.equal(second.at("etag"), first.at("etag"));
		assert.notEqual((await hub.put("/devices/a", {}, { ifMatch: "*" })).at("etag"), first.at("etag"));
	});
});

test("If-None-Match is ignored", async () => {
	const id = createFreshId();
	const headers = { "if-none-match": "*" };
	assert.equal((await shared.hub.put(`/devices/${id}`, { deviceId: id }, { headers })).status, 200);
	assert.equal((await shared.hub.put(`/devices/${id}`, { deviceId: id }, { headers })).status, 409);
});
