import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator } from "./testing/useEmulator.ts";

// Facts from Microsoft's recorded sessions of azure-sdk-for-net (Azure.IoT.Hub.Service, DevicesClientTests and
// QueryTests) beyond the single rules tested elsewhere.
const shared = useEmulator();

test("the members of a created device have the recorded order, nulls included", async () => {
	const id = createFreshId();
	const { json } = await shared.hub.put(
		`/devices/${id}`,
		{ deviceId: id },
		{ ifMatch: '""', apiVersion: "2020-03-13" },
	);
	assert.deepEqual(Object.keys(json as object), [
		"deviceId",
		"generationId",
		"etag",
		"connectionState",
		"status",
		"statusReason",
		"connectionStateUpdatedTime",
		"statusUpdatedTime",
		"lastActivityTime",
		"cloudToDeviceMessageCount",
		"authentication",
		"capabilities",
		"parentScopes",
	]);
	const { authentication } = json as { authentication: object };
	assert.equal(
		JSON.stringify(authentication).replace(/"[A-Za-z0-9+/]{43}="/g, '"key"'),
		'{"symmetricKey":{"primaryKey":"key","secondaryKey":"key"},"x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},"type":"sas"}',
	);
});

test("the whole GET body with an outdated etag can be put back with the header's etag", async () => {
	const path = `/devices/${createFreshId()}`;
	await shared.hub.put(path, {});
	const read = await shared.hub.get(path);
	const current = (await shared.hub.put(path, read.json, { ifMatch: '"*"' })).at("etag");
	const body = { ...(read.json as object), status: "disabled" };
	const updated = await shared.hub.put(path, body, { ifMatch: `"${current}"` });
	assert.equal(updated.status, 200);
	assert.deepEqual(updated.at("authentication"), read.at("authentication"));
	assert.match(String(updated.at("statusUpdatedTime")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/);
	const sparse = {
		...body,
		authentication: { ...(read.at("authentication") as object), x509Thumbprint: {} },
	};
	assert.equal((await shared.hub.put(path, sparse, { ifMatch: "*" })).status, 200);
});

test("a stale update names both versions", async () => {
	const path = `/devices/${createFreshId()}`;
	const first = (await shared.hub.put(path, {})).at("etag");
	const second = (await shared.hub.put(path, {}, { ifMatch: `"${first}"` })).at("etag");
	const [old, now] = [first, second].map((etag) => Buffer.from(String(etag), "base64").toString());
	const reply = await shared.hub.put(path, {}, { ifMatch: `"${first}"` });
	assert.equal(
		reply.at("Message"),
		`ErrorCode:PreconditionFailed;Precondition failed: Device version did not match, existingVersion:${now} newVersion:${old}`,
	);
	const strange = await shared.hub.put(path, {}, { ifMatch: '"no such tag"' });
	assert.equal(strange.at("Message"), "ErrorCode:PreconditionFailed;PreconditionFailed");
});

test("a new device's twin is version 2 with etag AAAAAAAAAAE=", async () => {
	const id = createFreshId();
	await shared.hub.put(`/devices/${id}`, {});
	const twin = await shared.hub.get(`/twins/${id}`);
	assert.deepEqual([twin.at("version"), twin.at("etag"), twin.headers.etag], [2, "AAAAAAAAAAE=", undefined]);
	assert.deepEqual(Object.keys(twin.json as object), [
		"deviceId",
		"etag",
		"deviceEtag",
		"status",
		"statusUpdateTime",
		"connectionState",
		"lastActivityTime",
		"cloudToDeviceMessageCount",
		"authenticationType",
		"x509Thumbprint",
		"version",
		"properties",
		"configurations",
		"capabilities",
	]);
});

test("escapes in an id are one segment, and words of any case are taken as clients send them", async () => {
	const odd = "lift#2:west";
	const path = `/devices/${encodeURIComponent(odd)}`;
	const body = { deviceId: odd, Status: "Enabled", authentication: { type: "Sas", symmetricKey: {} } };
	assert.equal((await shared.hub.put(path, body)).at("deviceId"), odd);
	assert.equal((await shared.hub.get(`/twins/${encodeURIComponent(odd)}`)).at("deviceId"), odd);
	assert.equal((await shared.hub.get("/Devices/?top=1")).status, 200);
});
