import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import type { Emulator, Fault } from "./emulator.ts";
import { readFaults } from "./faults/readFault.ts";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

function plan(...faults: Fault[]): void {
	shared.emulator.control.faults.clear();
	shared.emulator.control.faults.add(...faults);
}

/** Returns every byte that the emulator sends for one request, until it closes the connection. */
function readRawAnswer(emulator: Emulator, path: string, token: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect(Number(new URL(emulator.iotHub.url).port), "127.0.0.1");
		let text = "";
		socket.on("data", (part) => {
			text += part.toString("utf8");
		});
		socket.on("error", () => {});
		socket.on("close", () => resolve(text));
		socket.write(
			`GET ${path}?api-version=2021-04-12 HTTP/1.1\r\nhost: localhost\r\nauthorization: ${token}\r\nconnection: close\r\n\r\n`,
		);
	});
}

test("nth and times select the requests, match narrows them", async () => {
	plan({
		match: { route: "GET /devices/{id}", path: "/chosen$", apiVersion: "2021-04-12" },
		nth: 2,
		times: 2,
		action: { kind: "status", status: 418, code: "Teapot", message: "short and stout" },
	});
	const statuses: number[] = [];
	for (const path of [
		"/devices/chosen",
		"/devices/other",
		"/devices/chosen",
		"/devices/chosen",
		"/devices/chosen",
	]) {
		statuses.push((await shared.hub.get(path)).status);
	}
	assert.deepEqual(statuses, [404, 404, 418, 418, 404]);
	const [{ matched, happened } = { matched: 0, happened: 0 }] = shared.emulator.control.faults.list();
	assert.deepEqual([matched, happened], [4, 2]);
});

test('times "always" lasts until the fault is removed', async () => {
	const [id = 0] = shared.emulator.control.faults.add({ times: "always", action: { kind: "unavailable" } });
	for (let at = 0; at < 3; at += 1) assert.equal((await shared.hub.get("/devices/a")).status, 503);
	assert.equal(shared.emulator.control.faults.remove(id), true);
	assert.equal((await shared.hub.get("/devices/a")).status, 404);
});

test("refused and reset connections before handling leave the service unchanged", async () => {
	for (const action of [{ kind: "refuse" }, { kind: "reset" }] as const) {
		const id = createFreshId();
		plan({ action });
		await assert.rejects(shared.hub.put(`/devices/${id}`, {}), { code: "ECONNRESET" });
		assert.equal(shared.emulator.control.devices.get(id), undefined);
	}
	const outcomes = shared.emulator.control.requests.list({ method: "PUT" }).map(({ outcome }) => outcome);
	assert.deepEqual(outcomes.slice(-2), ["refused", "reset"]);
});

test("a status fault has the given body and headers; before handling it leaves the service unchanged", async () => {
	const id = createFreshId();
	plan({ action: { kind: "status", status: 500, body: "<oops>", headers: { "x-test": "1" } } });
	const reply = await shared.hub.put(`/devices/${id}`, {});
	assert.deepEqual([reply.status, reply.text, reply.headers["x-test"]], [500, "<oops>", "1"]);
	assert.equal(shared.emulator.control.devices.get(id), undefined);
	plan({ action: { kind: "status", status: 401, code: "IotHubUnauthorized", body: { no: true } } });
	const other = await shared.hub.get("/devices/a");
	assert.deepEqual([other.json, other.headers["iothub-errorcode"]], [{ no: true }, "IotHubUnauthorized"]);
});

test("a scripted 429 has the hub's own text and no Retry-After, and closes the connection", async () => {
	plan({ action: { kind: "throttle" } });
	const ask = () => shared.hub.get("/devices/a", { headers: { connection: "keep-alive" } });
	const { status, headers, at } = await ask();
	assert.deepEqual([status, headers.connection, headers["retry-after"]], [429, "close", undefined]);
	assert.match(
		String(at("Message")),
		/^ErrorCode:ThrottlingBacklogTimeout;The request has been throttled\. Wait 10/,
	);
	assert.equal((await ask()).headers.connection, "keep-alive");
});

test("429 and 503 have Retry-After only if it is given", async () => {
	plan(
		{ action: { kind: "throttle", retryAfter: 3 } },
		{ nth: 2, action: { kind: "unavailable", retryAfter: 7 } },
	);
	const [first, second] = [await shared.hub.get("/devices/a"), await shared.hub.get("/devices/a")];
	assert.deepEqual([first.status, first.headers["retry-after"]], [429, "3"]);
	assert.deepEqual([second.status, second.headers["retry-after"]], [503, "7"]);
	assert.equal(second.at("Message"), "ErrorCode:ServiceUnavailable;ServiceUnavailable");
});

test("Retry-After can be a date by the service's clock, ahead or past, and any text", async () => {
	const forms = [{ dateIn: 90 }, { dateIn: -90 }, "soon"] as const;
	plan(...forms.map((retryAfter, at): Fault => ({ nth: at + 1, action: { kind: "throttle", retryAfter } })));
	const waits: unknown[] = [];
	for (const _ of forms) {
		const { headers } = await shared.hub.get("/devices/a");
		const value = String(headers["retry-after"]);
		waits.push((Date.parse(value) - Date.parse(String(headers["date"]))) / 1_000 || value);
	}
	assert.deepEqual(waits, [90, -90, "soon"]);
	const faults = [[], true, { dateIn: "1" }, { dateIn: 1, more: 2 }, {}].map((retryAfter) => ({
		action: { kind: "throttle", retryAfter },
	}));
	for (const fault of faults) assert.throws(() => readFaults(fault), TypeError);
	assert.equal(readFaults({ action: { kind: "throttle", retryAfter: { dateIn: -1 } } }).length, 1);
});

test("a delay waits by the virtual clock", async () => {
	await withEmulator({ timeScale: 0 }, async ({ hub, emulator }) => {
		const { control } = emulator;
		control.faults.add({ action: { kind: "delay", ms: 90_000 } });
		const seen = new Promise<void>((resolve) => control.onRequest(() => resolve()));
		const reply = hub.get("/devices/a");
		await seen;
		assert.equal(control.requests.list()[0]?.outcome, "pending");
		await new Promise((resolve) => setImmediate(resolve));
		control.clock.advance(90_000);
		assert.equal((await reply).status, 404);
		const [entry] = control.requests.list();
		assert.equal((entry?.endedAt ?? 0) - (entry?.at ?? 0), 90_000);
	});
});

test("a hanging request never gets a response, before or after its effect", async () => {
	for (const when of ["before", "after"] as const) {
		const id = createFreshId();
		shared.emulator.control.requests.reset();
		plan({ match: { method: "PUT" }, action: { kind: "hang", when } });
		const url = `${shared.emulator.iotHub.url}/devices/${id}?api-version=2021-04-12`;
		const outgoing = request(url, { method: "PUT", headers: { authorization: shared.hub.token() } });
		const failed = new Promise((resolve) => outgoing.once("error", resolve));
		outgoing.end("{}");
		const { requests, devices } = shared.emulator.control;
		while (requests.list().at(-1)?.outcome !== "hung") await new Promise((resolve) => setImmediate(resolve));
		assert.equal(devices.get(id) !== undefined, when === "after");
		outgoing.destroy();
		await failed;
	}
});

test("truncated responses, with the full length or their own", async () => {
	await shared.hub.put("/devices/long", {});
	plan({ action: { kind: "truncate" } }, { nth: 2, action: { kind: "truncate", contentLength: "cut" } });
	const token = shared.hub.token();
	const bodies = [
		await readRawAnswer(shared.emulator, "/devices/long", token),
		await readRawAnswer(shared.emulator, "/devices/long", token),
	];
	for (const [at, text] of bodies.entries()) {
		const [head = "", body = ""] = text.split("\r\n\r\n");
		assert.match(head, /^HTTP\/1\.1 200 /);
		const length = Number(/content-length: (\d+)/.exec(head)?.[1]);
		assert.ok(body.startsWith('{"deviceId":"long"') && !body.endsWith("}"));
		if (at === 0) assert.ok(length >= body.length * 2);
		else assert.equal(length, body.length);
	}
	assert.equal(shared.emulator.control.requests.list().at(-2)?.outcome, "cut");
});

test("pages, wrong content types and redirects", async () => {
	const id = createFreshId();
	plan(
		{ action: { kind: "html" } },
		{ nth: 2, action: { kind: "html", status: 200, when: "after" } },
		{ nth: 3, action: { kind: "contentType", value: "text/plain" } },
		{ nth: 4, action: { kind: "redirect", location: "https://elsewhere.example/" } },
	);
	const page = await shared.hub.get("/devices/a");
	assert.deepEqual([page.status, page.headers["content-type"]], [502, "text/html; charset=us-ascii"]);
	const late = await shared.hub.put(`/devices/${id}`, {});
	assert.deepEqual([late.status, late.json], [200, undefined]);
	assert.ok(shared.emulator.control.devices.get(id));
	const labelled = await shared.hub.get(`/devices/${id}`);
	assert.deepEqual([labelled.headers["content-type"], labelled.at("deviceId")], ["text/plain", id]);
	const redirect = await shared.hub.get("/devices/a");
	assert.deepEqual([redirect.status, redirect.headers.location], [307, "https://elsewhere.example/"]);
});

test("a change fault changes the device just before or just after a request is handled", async () => {
	const id = createFreshId();
	const etag = (await shared.hub.put(`/devices/${id}`, {})).at("etag");
	const change = { do: "change", id, change: { statusReason: "somebody else" } } as const;
	plan({ match: { method: "PUT" }, action: { kind: "change", operation: change } });
	assert.equal((await shared.hub.put(`/devices/${id}`, {}, { ifMatch: `"${etag}"` })).status, 412);
	plan({
		match: { method: "GET" },
		action: { kind: "change", operation: { do: "remove", id }, when: "after" },
	});
	assert.equal((await shared.hub.get(`/devices/${id}`)).at("statusReason"), "somebody else");
	assert.equal((await shared.hub.get(`/devices/${id}`)).status, 404);
	let ran = false;
	plan({
		action: {
			kind: "run",
			run: () => {
				ran = true;
			},
		},
	});
	await shared.hub.get("/devices/a");
	assert.ok(ran);
});

test("of several faults, all up to the first that determines the response occur", async () => {
	const id = createFreshId();
	plan(
		{ action: { kind: "change", operation: { do: "seed", devices: [{ deviceId: id }] } } },
		{ action: { kind: "status", status: 500 } },
		{ action: { kind: "reset" } },
	);
	assert.equal((await shared.hub.get(`/devices/${id}`)).status, 500);
	assert.equal((await shared.hub.get(`/devices/${id}`)).status, 200);
});

test("held requests wait until they are released, before or after their effect", async () => {
	const { gate, devices } = shared.emulator.control;
	shared.emulator.control.faults.clear();
	for (const when of ["before", "after"] as const) {
		const id = createFreshId();
		gate.pause({ method: "PUT" }, when);
		const reply = shared.hub.put(`/devices/${id}`, {});
		await gate.waitForHeld();
		assert.equal(gate.held, 1);
		assert.equal(devices.get(id) !== undefined, when === "after");
		assert.equal((await shared.hub.get("/devices/other")).status, 404);
		gate.resume();
		assert.equal((await reply).status, 200);
	}
});

test("an impossible fault and a throwing watcher are reported and leave the emulator running", async (context) => {
	const told = context.mock.method(console, "error", () => {});
	plan({ action: { kind: "change", operation: { do: "connect", id: "nobody" } } });
	const reply = await shared.hub.get("/devices/a");
	assert.deepEqual([reply.status, reply.at("Message")], [500, "The emulator could not go on: nobody"]);
	plan({ action: { kind: "status", status: 500, headers: { "x-bad": "line\nbreak" } } });
	assert.equal((await shared.hub.get("/devices/a")).status, 500);
	const stop = shared.emulator.control.onRequest(() => Promise.reject(new Error("watched")));
	assert.match((await shared.hub.get("/devices/a")).text, /watched/);
	stop();
	assert.equal(told.mock.callCount(), 3);
	assert.throws(
		() => shared.emulator.control.faults.add({ match: { path: "(" }, action: { kind: "reset" } }),
		SyntaxError,
	);
	assert.throws(() => shared.emulator.control.gate.pause({ path: "(" }), SyntaxError);
	assert.equal((await shared.hub.get("/devices/a")).status, 404);
});
