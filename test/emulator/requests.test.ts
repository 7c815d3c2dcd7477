import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

test("39 errors carry iothub-errorcode and x-ms-request-id, and the tracking id repeats the latter", async () => {
	const reply = await shared.hub.get("/devices/nobody");
	assert.equal(reply.headers["iothub-errorcode"], "DeviceNotFound");
	const requestId = String(reply.headers["x-ms-request-id"]);
	assert.match(requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
	assert.deepEqual(Object.keys(reply.json as object), ["Message", "ExceptionMessage"]);
	const tracking = /^Tracking ID:([0-9a-f]{32})-G:12-TimeStamp:(\d\d)\/(\d\d)\/(\d{4}) \d\d:\d\d:\d\d$/;
	const [, id, month, day, year] = tracking.exec(String(reply.at("ExceptionMessage"))) ?? [];
	assert.equal(id, requestId.replaceAll("-", ""));
	const now = new Date(shared.emulator.control.clock.now()).toISOString();
	assert.equal(`${year}-${month}-${day}`, now.slice(0, 10));
});

test("40 a body that is missing, null or invalid JSON is 400 ArgumentNull, an array 400 ArgumentInvalid", async () => {
	for (const body of [undefined, "", "null", "{", "\u0000", '{"deviceId":'] as const) {
		const reply = await shared.hub.put("/devices/broken", body);
		assert.deepEqual([reply.status, reply.headers["iothub-errorcode"]], [400, "ArgumentNull"]);
		assert.equal(reply.at("Message"), "ErrorCode:ArgumentNull;BadRequest");
	}
	for (const body of ["[]", "7", '"text"', "true"]) {
		const reply = await shared.hub.put("/devices/broken", body);
		assert.deepEqual([reply.status, reply.headers["iothub-errorcode"]], [400, "ArgumentInvalid"]);
	}
	const marked = await shared.hub.put(`/devices/${createFreshId()}`, `\uFEFF{"status":"disabled"}`);
	assert.deepEqual([marked.status, marked.at("status")], [200, "disabled"]);
});

test("41 a missing or unknown api-version is 400 InvalidProtocolVersion; those that clients send are accepted", async () => {
	for (const apiVersion of [null, "", "2016-11-14x", "latest"]) {
		const reply = await shared.hub.get("/devices", { apiVersion });
		assert.deepEqual([reply.status, reply.headers["iothub-errorcode"]], [400, "InvalidProtocolVersion"]);
	}
	const probed = ["2018-06-30", "2020-05-31-preview", "2020-09-30", "2021-04-12", "2024-03-31"];
	for (const apiVersion of [...probed, "2019-10-01", "2020-03-13"]) {
		assert.equal((await shared.hub.get("/devices", { apiVersion })).status, 200);
	}
	assert.equal((await shared.hub.get("/devices?API-Version=2021-04-12", { apiVersion: null })).status, 200);
});

test("48 GET /devices?top returns at most top devices, 1 to 1000, else 1000, and never a continuation", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		const seeds = Array.from({ length: 1002 }, (_, at) => ({ deviceId: `d-${at}` }));
		emulator.control.devices.seed(seeds);
		const count = async (query: string) => {
			const reply = await hub.get(`/devices${query}`);
			assert.equal(reply.headers["x-ms-continuation"], undefined);
			return (reply.json as unknown[]).length;
		};
		assert.equal(await count("?top=1"), 1);
		assert.equal(await count("?top=17"), 17);
		for (const query of ["", "?top=1000", "?top=0", "?top=-1", "?top=1001", "?top=all", "/?top=5000"]) {
			assert.equal(await count(query), 1000);
		}
		const [first] = (await hub.get("/devices?top=1")).json as Array<Record<string, unknown>>;
		assert.deepEqual(first, (await hub.get("/devices/d-0")).json);
	});
});

test("54 a scripted 429 has the hub's own text, no Retry-After, and closes the connection", async () => {
	shared.emulator.control.faults.add({ action: { kind: "throttle" } });
	const reply = await shared.hub.get("/devices/nobody");
	assert.equal(reply.status, 429);
	assert.equal(reply.headers["iothub-errorcode"], "ThrottlingBacklogTimeout");
	assert.equal(
		reply.at("Message"),
		"ErrorCode:ThrottlingBacklogTimeout;The request has been throttled. Wait 10 seconds and try again. Operation type: CRUD",
	);
	assert.equal(reply.headers["retry-after"], undefined);
	assert.equal(reply.headers.connection, "close");
});

test("55 a create beyond the maximum number of devices is 403 with the quota's text", async () => {
	await withEmulator({ maxDevices: 1, hostName: "fleet.azure-devices.net" }, async ({ hub, emulator }) => {
		assert.equal((await hub.put("/devices/a", {})).status, 200);
		const reply = await hub.put("/devices/b", {});
		assert.deepEqual([reply.status, reply.headers["iothub-errorcode"]], [403, "IotHubQuotaExceeded"]);
		assert.match(
			String(reply.at("Message")),
			/Total number of devices on IotHub 'fleet' exceeded the allocated quota\. Max allowed device count : '1', current device count : '1'\./,
		);
		assert.equal((await hub.put("/devices/a", {}, { ifMatch: "*" })).status, 200);
		emulator.control.hub.limits.maxDevices = 2;
		assert.equal((await hub.put("/devices/b", {})).status, 200);
	});
});

test("56 after a scripted 500 or a lost response after commit, the change has happened", async () => {
	const { control } = shared.emulator;
	const exists = (id: string) => control.devices.get(id) !== undefined;
	control.faults.add({ match: { method: "PUT" }, action: { kind: "status", status: 500, when: "after" } });
	const reply = await shared.hub.put("/devices/late", {});
	assert.deepEqual([reply.status, reply.at("Message")], [500, "ErrorCode:ServerError;InternalServerError"]);
	assert.ok(exists("late"));
	control.faults.add({ match: { method: "PUT" }, action: { kind: "reset", when: "after" } });
	await assert.rejects(shared.hub.put("/devices/lost", {}), { code: "ECONNRESET" });
	assert.ok(exists("lost"));
	control.faults.add({ match: { method: "DELETE" }, action: { kind: "status", status: 500, when: "after" } });
	assert.equal((await shared.hub.delete("/devices/late")).status, 500);
	assert.ok(!exists("late"));
	control.faults.add({ match: { method: "DELETE" }, action: { kind: "reset", when: "after" } });
	await assert.rejects(shared.hub.delete("/devices/lost"), { code: "ECONNRESET" });
	assert.ok(!exists("lost"));
});

test("every response has the service's headers; a trailing slash has no effect", async () => {
	const id = createFreshId();
	for (const reply of [await shared.hub.put(`/devices/${id}`, {}), await shared.hub.get(`/devices/${id}/`)]) {
		assert.equal(reply.status, 200);
		assert.equal(reply.headers["content-type"], "application/json; charset=utf-8");
		assert.equal(reply.headers["server"], "Microsoft-HTTPAPI/2.0");
		assert.equal(reply.headers["vary"], "Origin");
		assert.ok(reply.headers["x-ms-request-id"]);
		assert.ok(reply.headers.date);
	}
});

test("unknown paths are 404 without a code of the hub, known paths with other methods 405", async () => {
	const unknown = await shared.hub.get("/nothing/here");
	assert.deepEqual([unknown.status, unknown.headers["iothub-errorcode"]], [404, undefined]);
	assert.equal((await shared.hub.send("PATCH", "/devices/a", { body: {} })).status, 405);
	assert.equal((await shared.hub.get("/devices/%ZZ")).headers["content-type"], "text/html; charset=us-ascii");
	assert.equal((await shared.hub.get("/devices/%ZZ")).status, 400);
});

test("with a switch, a device is not visible for a while after its creation", async () => {
	await withEmulator({ switches: { createdReadLag: 5000 }, timeScale: 0 }, async ({ hub, emulator }) => {
		assert.equal((await hub.put("/devices/a", {})).status, 200);
		assert.equal((await hub.get("/devices/a")).status, 404);
		emulator.control.clock.advance(5000);
		assert.equal((await hub.get("/devices/a")).status, 200);
	});
});

test("statistics count devices, and lag as the index does", async () => {
	await withEmulator({ timeScale: 0 }, async ({ hub, emulator }) => {
		const { control } = emulator;
		control.devices.seed([
			{ deviceId: "a", connected: true },
			{ deviceId: "b", status: "disabled" },
		]);
		const registry = { totalDeviceCount: 2, enabledDeviceCount: 1, disabledDeviceCount: 1 };
		assert.deepEqual((await hub.get("/statistics/devices")).json, registry);
		assert.deepEqual((await hub.get("/statistics/service")).json, { connectedDeviceCount: 1 });
		control.switches.deletedIndexLag = 60_000;
		control.devices.remove("b");
		assert.deepEqual((await hub.get("/statistics/devices")).json, registry);
		control.clock.advance(60_000);
		assert.equal((await hub.get("/statistics/devices")).at("totalDeviceCount"), 1);
	});
});

test("the Date header is the hub's own time", async () => {
	await withEmulator({ timeScale: 0 }, async ({ hub, emulator }) => {
		emulator.control.clock.advance(1_000_000);
		const { date } = (await hub.get("/devices")).headers;
		assert.equal(date, new Date(emulator.control.clock.now()).toUTCString());
	});
});
