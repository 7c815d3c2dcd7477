import assert from "node:assert/strict";
import { test } from "node:test";
import {
	commandControl,
	createFreshId,
	requestControl,
	useEmulator,
	withEmulator,
} from "./testing/useEmulator.ts";

const shared = useEmulator();

const requestRaw = (method: string, path: string, body?: unknown) =>
	requestControl(shared, method, path, body);
const sendCommand = (method: string, path: string, body?: unknown) =>
	commandControl(shared, method, path, body);

test("GET /_control lists every command", async () => {
	const help = await sendCommand("GET", "");
	assert.ok(Object.keys(help).length > 30);
	for (const command of Object.keys(help)) assert.match(command, /^(GET|POST|PUT|PATCH|DELETE) \/_control/);
});

test("devices over HTTP: register, read, change, rotate, recreate, connect, delete", async () => {
	const id = createFreshId("odd#id");
	const path = `/devices/${encodeURIComponent(id)}`;
	const [seeded] = (await requestRaw("POST", "/devices", { deviceId: id, tags: { site: "north" } })).json as [
		Record<string, unknown>,
	];
	assert.equal((await requestRaw("POST", "/devices", [{ deviceId: id }])).status, 409);
	assert.deepEqual(await sendCommand("GET", path), seeded);
	const changed = await sendCommand("PATCH", path, { status: "disabled", statusReason: "by hand" });
	assert.deepEqual([changed["status"], changed["statusReason"]], ["disabled", "by hand"]);
	assert.notEqual(changed["etag"], seeded["etag"]);
	assert.deepEqual(changed["authentication"], seeded["authentication"]);
	const rotated = await sendCommand("POST", `${path}/rotate-keys`, { which: "primary" });
	assert.notEqual(rotated["etag"], changed["etag"]);
	const getKeys = ({ authentication }: Record<string, unknown>) =>
		(authentication as { symmetricKey: Record<string, string> }).symmetricKey;
	assert.equal(getKeys(rotated)["secondaryKey"], getKeys(changed)["secondaryKey"]);
	assert.notEqual(getKeys(rotated)["primaryKey"], getKeys(changed)["primaryKey"]);
	const recreated = await sendCommand("POST", `${path}/recreate`, { statusReason: "" });
	assert.notEqual(recreated["generationId"], rotated["generationId"]);
	assert.deepEqual([recreated["status"], recreated["statusReason"]], ["disabled", null]);
	for (const [verb, state] of [
		["connect", "Connected"],
		["telemetry", "Connected"],
		["disconnect", "Disconnected"],
	] as const) {
		const touched = await sendCommand("POST", `${path}/${verb}`);
		assert.deepEqual([touched["connectionState"], touched["etag"]], [state, recreated["etag"]]);
	}
	const twin = await sendCommand("PATCH", `${path}/twin`, {
		tags: { site: "south" },
		properties: { reported: { on: true } },
	});
	assert.deepEqual((twin["twin"] as Record<string, unknown>)["tags"], { site: "south" });
	assert.deepEqual((twin["twin"] as Record<string, unknown>)["reported"], { on: true });
	assert.deepEqual(await sendCommand("DELETE", path), { removed: true });
	assert.deepEqual(await sendCommand("DELETE", path), { removed: false });
	assert.equal((await requestRaw("GET", path)).status, 404);
});

test("faults, counts and the log work over HTTP; the log contains no credentials and no control requests", async () => {
	await sendCommand("DELETE", "/requests");
	const fault = {
		match: { route: "PUT /devices/{id}" },
		action: { kind: "status", status: 500, when: "after" },
	};
	const { ids } = (await sendCommand("POST", "/faults", fault)) as { ids: number[] };
	assert.equal(ids.length, 1);
	assert.equal(
		(await shared.hub.put("/devices/logged", { statusReason: "x" }, { ifMatch: '""' })).status,
		500,
	);
	const [entry] = (await requestRaw("GET", "/requests?route=PUT%20/devices/{id}")).json as [
		Record<string, unknown>,
	];
	const { headers, at, endedAt, number, ...rest } = entry;
	assert.ok(typeof at === "number" && typeof endedAt === "number" && typeof number === "number");
	assert.deepEqual(rest, {
		service: "iotHub",
		method: "PUT",
		route: "PUT /devices/{id}",
		path: "/devices/logged",
		query: { "api-version": "2021-04-12" },
		ifMatch: '""',
		body: { statusReason: "x" },
		status: 500,
		outcome: "answered",
	});
	assert.doesNotMatch(JSON.stringify(headers), /SharedAccessSignature|authorization/);
	assert.deepEqual(await sendCommand("GET", "/counts"), {
		routes: { "PUT /devices/{id}": 1 },
		peak: 1,
		operations: { registry: 1, query: 0, twinRead: 0, twinWrite: 0 },
	});
	const [planned] = (await requestRaw("GET", "/faults")).json as [Record<string, unknown>];
	assert.deepEqual([planned["id"], planned["happened"]], [ids[0], 1]);
	assert.deepEqual(await sendCommand("DELETE", `/faults/${ids[0]}`), { removed: true });
	await sendCommand("POST", "/perform", { do: "remove", id: "logged" });
	assert.equal(shared.emulator.control.devices.get("logged"), undefined);
});

test("time, switches, limits, policies and applications work over HTTP", async () => {
	const before = await sendCommand("GET", "/clock");
	const after = await sendCommand("POST", "/clock", { advance: 60_000, scale: 2 });
	assert.ok(Number(after["now"]) - Number(before["now"]) >= 60_000);
	assert.equal(after["scale"], 2);
	assert.equal(
		(await sendCommand("PATCH", "/switches", { unquotedIfMatch: "reject" }))["unquotedIfMatch"],
		"reject",
	);
	assert.equal((await sendCommand("GET", "/switches"))["unquotedIfMatch"], "reject");
	assert.deepEqual(await sendCommand("PATCH", "/limits", { maxDevices: 1000, sku: "S1", units: 2 }), {
		maxDevices: 1000,
		sku: "S1",
		units: 2,
	});
	await sendCommand("PATCH", "/limits", { sku: "none" });
	const policy = await sendCommand("PUT", "/policies/auditor", { permissions: ["RegistryRead"] });
	assert.equal((await shared.hub.as("auditor").get("/devices")).status, 200);
	const again = await sendCommand("POST", "/policies/auditor/regenerate", { which: "primary" });
	assert.deepEqual(
		[again["primaryKey"] === policy["primaryKey"], again["secondaryKey"]],
		[false, policy["secondaryKey"]],
	);
	assert.deepEqual(await sendCommand("DELETE", "/policies/auditor"), { removed: true });
	const listed = (await requestRaw("GET", "/policies")).json as Array<{
		name: string;
		connectionString: string;
	}>;
	assert.deepEqual(
		listed.map(({ name }) => name),
		["iothubowner", "service", "device", "registryRead", "registryReadWrite"],
	);
	assert.equal(listed[0]?.connectionString, shared.emulator.iotHub.connectionString);
	const principal = await sendCommand("POST", "/principals", { roles: ["IoT Hub Data Reader"] });
	const changed = await sendCommand("PATCH", `/principals/${principal["clientId"]}`, { roles: [] });
	assert.deepEqual(changed["roles"], []);
});

test("requests can be held and released over HTTP", async () => {
	await sendCommand("POST", "/pause", { match: { method: "GET" }, when: "before" });
	const reply = shared.hub.get("/devices/held");
	while ((await sendCommand("GET", "/pause"))["held"] !== 1)
		await new Promise((resolve) => setImmediate(resolve));
	await sendCommand("POST", "/resume");
	assert.equal((await reply).status, 404);
});

test("an invalid command is 400 or 404 and says what is wrong", async () => {
	const wrong: ReadonlyArray<readonly [string, string, unknown, RegExp]> = [
		["POST", "/faults", {}, /action must be an object/],
		["POST", "/faults", { action: { kind: "explode" } }, /kind must be one of refuse, reset/],
		["POST", "/faults", { action: { kind: "delay" } }, /must have ms/],
		["POST", "/faults", { action: { kind: "reset", wen: "after" } }, /has no wen; it has kind, when/],
		["POST", "/faults", { action: { kind: "status", status: 99 } }, /status must be a whole number/],
		["POST", "/faults", { match: { path: "(" }, action: { kind: "reset" } }, /regular expression/i],
		["POST", "/faults", { action: { kind: "change", operation: { do: "sing" } } }, /do must be one of seed/],
		["POST", "/clock", { advance: -1 }, /advance must be a number not below zero/],
		["PATCH", "/switches", { wire: "1999" }, /wire must be one of 2020, 2026/],
		["PATCH", "/switches", { wires: 1 }, /has no wires/],
		["POST", "/devices", { id: "a" }, /must have a deviceId/],
		["PUT", "/policies/x", { permissions: ["All"] }, /permissions must be a list/],
		["POST", "/principals", { roles: ["King"] }, /roles must be a list/],
		["POST", "/policies/nobody/regenerate", undefined, /no policy nobody/],
		["POST", "/devices", "{", /not JSON/],
	];
	for (const [method, path, body, message] of wrong) {
		const { status, json } = await requestRaw(method, path, body);
		assert.equal(status, 400, path);
		assert.match((json as { error: string }).error, message);
	}
	assert.equal((await requestRaw("GET", "/nothing")).status, 404);
	assert.equal((await requestRaw("PATCH", "/devices/nobody", {})).status, 404);
});

test("in process: seeds with keys and connection, log matches, peak, watchers", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		const { control } = emulator;
		const symmetricKey = {
			primaryKey: Buffer.alloc(32, 3).toString("base64"),
			secondaryKey: Buffer.alloc(32, 4).toString("base64"),
		};
		const [seeded] = control.devices.seed([
			{ deviceId: "a", authentication: { symmetricKey }, connected: true },
		]);
		assert.deepEqual(
			[seeded?.connectionState, seeded?.authentication.symmetricKey],
			["Connected", symmetricKey],
		);
		assert.deepEqual(control.devices.list(), [control.devices.get("a")]);
		const seen: string[] = [];
		const stop = control.onRequest(({ path }) => void seen.push(path));
		control.gate.pause();
		const replies = Promise.all([hub.get("/devices/a"), hub.get("/twins/a"), hub.get("/devices/a")]);
		await control.gate.waitForHeld(3);
		control.gate.resume();
		await replies;
		stop();
		await hub.get("/devices/a");
		assert.deepEqual(seen.sort(), ["/devices/a", "/devices/a", "/twins/a"]);
		assert.equal(control.requests.peak(), 3);
		assert.equal(control.requests.count(), 4);
		assert.equal(control.requests.count({ route: "/devices/{id}" }), 3);
		assert.deepEqual(control.requests.counts(), { "GET /devices/{id}": 3, "GET /twins/{id}": 1 });
		assert.throws(() => control.devices.change("nobody", {}), { code: "DeviceNotFound" });
		const thumbprint = { primaryThumbprint: "a".repeat(40) };
		const other = control.devices.change("a", {
			authentication: { type: "selfSigned", x509Thumbprint: thumbprint },
		});
		assert.equal(other.authentication.symmetricKey.primaryKey, null);
	});
});
