import assert from "node:assert/strict";
import { test } from "node:test";
import type { HubClient, Reply } from "./testing/hubClient.ts";
import { useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();

function ask(hub: HubClient, query: string, headers: Record<string, string> = {}): Promise<Reply> {
	return hub.post("/devices/query", { query }, { headers });
}

/** Returns the ids of the rows, in order. */
async function listIds(hub: HubClient, where: string): Promise<unknown[]> {
	const reply = await ask(hub, `SELECT * FROM devices${where && ` WHERE ${where}`}`);
	assert.equal(reply.status, 200, reply.text);
	return (reply.json as Array<Record<string, unknown>>).map((row) => row["deviceId"]);
}

async function readPages(
	hub: HubClient,
	query: string,
	size: number,
): Promise<{ sizes: number[]; ids: unknown[] }> {
	const sizes: number[] = [];
	const seen: unknown[] = [];
	let continuation: string | undefined;
	do {
		const reply: Reply = await ask(hub, query, {
			"x-ms-max-item-count": String(size),
			...(continuation && { "x-ms-continuation": continuation }),
		});
		const rows = reply.json as Array<Record<string, unknown>>;
		sizes.push(rows.length);
		seen.push(...rows.map((row) => row["deviceId"]));
		continuation = reply.headers["x-ms-continuation"] as string | undefined;
	} while (continuation !== undefined);
	return { sizes, ids: seen };
}

test("49 queries are paged by max-item-count until no continuation is returned", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		const names = Array.from({ length: 25 }, (_, at) => `d-${at}`);
		emulator.control.devices.seed(names.map((deviceId) => ({ deviceId })));
		const all = "SELECT * FROM devices";
		assert.deepEqual(await readPages(hub, all, 10), { sizes: [10, 10, 5], ids: names });
		assert.deepEqual(await readPages(hub, all, 25), { sizes: [25], ids: names });
		emulator.control.switches.queryPageSize = 20;
		assert.deepEqual((await readPages(hub, all, 5000)).sizes, [20, 5]);
		emulator.control.switches.emptyQueryPages = true;
		assert.deepEqual(await readPages(hub, all, 20), { sizes: [0, 20, 5], ids: names });
		assert.deepEqual((await readPages(hub, "SELECT TOP 7 * FROM devices", 5)).sizes, [0, 5, 2]);
		const foreign = await ask(hub, "SELECT * FROM devices WHERE status = 'enabled'", {
			"x-ms-continuation": "bm9uZQ==",
		});
		assert.equal(foreign.status, 400);
	});
});

test("49 rows are twins with the identity's etag, and without keys or generation", async () => {
	await withEmulator({}, async ({ hub }) => {
		const identity = await hub.put("/devices/a", { capabilities: { iotEdge: true } });
		const reply = await ask(hub, "SELECT * FROM devices");
		assert.equal(reply.headers["x-ms-item-type"], "Twin");
		assert.deepEqual((reply.json as unknown[])[0], (await hub.get("/twins/a")).json);
		assert.equal(reply.at("0.deviceEtag"), identity.at("etag"));
		assert.equal(reply.at("0.statusUpdateTime"), "0001-01-01T00:00:00Z");
		assert.equal(reply.at("0.deviceScope"), identity.at("deviceScope"));
		assert.doesNotMatch(reply.text, /symmetricKey|generationId|statusUpdatedTime/);
	});
});

test("50 the index may lag: it lacks new devices and has deleted ones, while GET is exact", async () => {
	const switches = { createdIndexLag: 60_000, deletedIndexLag: 120_000 };
	await withEmulator({ switches, timeScale: 0 }, async ({ hub, emulator }) => {
		const { clock } = emulator.control;
		await hub.put("/devices/a", {});
		assert.deepEqual(await listIds(hub, ""), []);
		assert.equal((await hub.get("/devices/a")).status, 200);
		clock.advance(60_000);
		assert.deepEqual(await listIds(hub, ""), ["a"]);
		await hub.delete("/devices/a");
		assert.deepEqual(await listIds(hub, ""), ["a"]);
		assert.equal((await hub.get("/devices/a")).status, 404);
		await hub.put("/devices/a", {});
		assert.deepEqual(await listIds(hub, ""), ["a"]);
		clock.advance(120_000);
		assert.deepEqual(await listIds(hub, ""), ["a"]);
		await hub.delete("/devices/a");
		clock.advance(120_000);
		assert.deepEqual(await listIds(hub, ""), []);
	});
});

test("the index may lag after changes too: rows are the device as it was, while twin and GET are exact", async () => {
	await withEmulator({ switches: { changedIndexLag: 60_000 }, timeScale: 0 }, async ({ hub, emulator }) => {
		const { clock, devices } = emulator.control;
		const rows = async () => (await ask(hub, "SELECT * FROM devices")).json;
		const etags = [(await hub.put("/devices/a", { statusReason: "first" })).at("etag")];
		const change = async (statusReason: string) => {
			clock.advance(30_000);
			const { json, at } = await hub.put("/devices/a", { statusReason }, { ifMatch: '"*"' });
			etags.push(at("etag"));
			return json;
		};
		const shown = async (at: number, statusReason: string) => {
			const [row] = (await rows()) as Array<Record<string, unknown>>;
			assert.deepEqual([row?.["deviceEtag"], row?.["statusReason"]], [etags[at], statusReason]);
		};
		await change("second");
		await shown(0, "first");
		assert.equal((await hub.get("/twins/a")).at("deviceEtag"), etags[1]);
		await change("third");
		await shown(0, "first");
		clock.advance(30_000);
		await shown(1, "second");
		clock.advance(30_000);
		await shown(2, "third");
		devices.patchTwin("a", { tags: { site: "north" } });
		assert.doesNotMatch(JSON.stringify(await rows()), /north/);
		clock.advance(60_000);
		assert.match(JSON.stringify(await rows()), /north/);
	});
});

test("the index may lag after a change and the deletion that follows it", async () => {
	const switches = { changedIndexLag: 60_000, deletedIndexLag: 60_000 };
	await withEmulator({ switches, timeScale: 0 }, async ({ hub, emulator }) => {
		const { etag } = emulator.control.devices.seed([{ deviceId: "a" }])[0] ?? {};
		emulator.control.devices.change("a", { status: "disabled" });
		emulator.control.devices.remove("a");
		const reply = await ask(hub, "SELECT * FROM devices");
		assert.deepEqual([reply.at("0.deviceEtag"), reply.at("0.status")], [etag, "enabled"]);
		emulator.control.clock.advance(60_000);
		assert.deepEqual((await ask(hub, "SELECT * FROM devices")).json, []);
	});
});

test("pages may overlap, and one may be missing", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		const { devices, switches } = emulator.control;
		devices.seed(["a", "b", "c", "d", "e"].map((deviceId) => ({ deviceId })));
		const all = "SELECT * FROM devices";
		switches.repeatedQueryRows = 1;
		assert.deepEqual(await readPages(hub, all, 2), {
			sizes: [2, 3, 2],
			ids: ["a", "b", "b", "c", "d", "d", "e"],
		});
		switches.repeatedQueryRows = 0;
		const without = async (page: number) => {
			switches.missingQueryPage = page;
			return (await readPages(hub, all, 2)).ids.join("");
		};
		assert.equal(await without(1), "cde");
		assert.equal(await without(2), "abe");
		assert.equal(await without(3), "abcd");
		assert.equal(await without(4), "abcde");
	});
});

test("conditions: comparisons, logic, lists, functions, nested paths", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		const scope = emulator.control.devices.seed([{ deviceId: "edge", capabilities: { iotEdge: true } }])[0]
			?.deviceScope;
		emulator.control.devices.seed([
			{
				deviceId: "a",
				tags: { site: { name: "north", floor: 1 } },
				properties: { reported: { temp: 20.5 } },
			},
			{ deviceId: "b", status: "disabled", tags: { site: { name: "south", floor: 3 } } },
			{ deviceId: "it's", deviceScope: scope ?? "" },
		]);
		const cases: ReadonlyArray<readonly [string, string[]]> = [
			["deviceId = 'a'", ["a"]],
			["deviceId = 'it''s'", ["it's"]],
			["deviceId != 'a' AND deviceId <> 'b'", ["edge", "it's"]],
			["status = 'disabled' or tags.site.floor < 2", ["a", "b"]],
			["NOT status = 'disabled'", ["edge", "a", "it's"]],
			["tags.site.floor >= 1 and tags.site.floor <= 2", ["a"]],
			["tags.site.name != 'north'", ["b"]],
			["not (tags.site.name = 'north')", ["b"]],
			["deviceId IN ['a', 'edge']", ["edge", "a"]],
			["deviceId NIN ['a','edge']", ["b", "it's"]],
			["is_defined(tags.site)", ["a", "b"]],
			["NOT IS_DEFINED(tags.site) AND capabilities.iotEdge = true", ["edge"]],
			["STARTSWITH(deviceId, 'ed')", ["edge"]],
			["properties.reported.temp > 20", ["a"]],
			[`array_contains(parentScopes, '${scope}')`, ["it's"]],
			["(deviceId = 'a' or deviceId = 'b') and (status = 'enabled')", ["a"]],
		];
		for (const [where, expected] of cases) assert.deepEqual(await listIds(hub, where), expected, where);
	});
});

test("projections, counts and groups are Raw rows", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		emulator.control.devices.seed([
			{ deviceId: "a", tags: { site: "north" } },
			{ deviceId: "b", status: "disabled" },
			{ deviceId: "c" },
		]);
		const rows = async (query: string) => {
			const reply = await ask(hub, query);
			assert.equal(reply.headers["x-ms-item-type"], "Raw");
			return reply.json;
		};
		assert.deepEqual(await rows("SELECT deviceId, tags.site AS place FROM devices WHERE deviceId < 'c'"), [
			{ deviceId: "a", place: "north" },
			{ deviceId: "b" },
		]);
		assert.deepEqual(await rows("select count() as n from devices"), [{ n: 3 }]);
		assert.deepEqual(await rows("SELECT COUNT(*) AS n FROM devices WHERE status = 'gone'"), [{ n: 0 }]);
		assert.deepEqual(await rows("SELECT COUNT() AS devices FROM devices"), [{ devices: 3 }]);
		assert.deepEqual(await rows("SELECT status, COUNT() AS n FROM devices GROUP BY status"), [
			{ status: "enabled", n: 2 },
			{ status: "disabled", n: 1 },
		]);
	});
});

test("modules can be queried from devices.modules", async () => {
	await withEmulator({}, async ({ hub }) => {
		await hub.put("/devices/edge", { capabilities: { iotEdge: true } });
		const reply = await ask(hub, "SELECT * FROM devices.modules WHERE moduleId = '$edgeHub'");
		assert.deepEqual([reply.at("0.deviceId"), reply.at("0.moduleId")], ["edge", "$edgeHub"]);
	});
});

test("names may be qualified with the collection, as Azure IoT Explorer, az and the job queries of the documentation do", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		emulator.control.devices.seed([
			{ deviceId: "pump-1", tags: { site: "north" } },
			{ deviceId: "pump-2", status: "disabled", tags: { devices: { site: "south" } } },
			{ deviceId: "edge", capabilities: { iotEdge: true } },
		]);
		const cases: ReadonlyArray<readonly [string, string[]]> = [
			["STARTSWITH(devices.deviceId, 'pump')", ["pump-1", "pump-2"]],
			["devices.tags.site = 'north'", ["pump-1"]],
			["tags.devices.site = 'south'", ["pump-2"]],
			["Devices.status = 'disabled' OR is_defined(devices.tags.site)", ["pump-1", "pump-2"]],
			["devices.capabilities.iotEdge = true", ["edge"]],
			["devices.deviceId IN ['edge'] AND NOT devices.deviceId = deviceEtag", ["edge"]],
		];
		for (const [where, expected] of cases) assert.deepEqual(await listIds(hub, where), expected, where);
		const rows = async (query: string) => (await ask(hub, query)).json;
		assert.deepEqual(await rows("SELECT devices.deviceId, devices.tags.site AS place FROM devices"), [
			{ deviceId: "pump-1", place: "north" },
			{ deviceId: "pump-2" },
			{ deviceId: "edge" },
		]);
		assert.deepEqual(
			await rows(
				"SELECT devices.status, COUNT() AS n FROM devices WHERE status = 'disabled' GROUP BY status",
			),
			[{ status: "disabled", n: 1 }],
		);
		for (const where of [
			"devices.deviceId = 'edge' AND moduleId = '$edgeHub'",
			"devices.modules.moduleId = '$edgeHub'",
			"devices.modules.moduleId = '$edgeHub' GROUP BY deviceId",
		]) {
			const reply = await ask(hub, `SELECT * FROM devices.modules WHERE ${where}`);
			assert.deepEqual([reply.at("0.moduleId"), reply.at("1")], ["$edgeHub", undefined], where);
		}
	});
});

test("the list query of Azure IoT Explorer is answered", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		emulator.control.devices.seed([{ deviceId: "test-1" }, { deviceId: "other" }]);
		const query =
			"\n    SELECT deviceId as DeviceId,\n    status as Status,\n    lastActivityTime as LastActivityTime,\n    authenticationType as AuthenticationType,\n    capabilities.iotEdge as IotEdge,\n    modelId as ModelId\n    FROM devices WHERE STARTSWITH(devices.deviceId, 'test')";
		assert.deepEqual((await ask(hub, query)).json, [
			{
				DeviceId: "test-1",
				Status: "enabled",
				LastActivityTime: "0001-01-01T00:00:00Z",
				AuthenticationType: "sas",
				IotEdge: false,
			},
		]);
	});
});

test("names with other characters stand in double brackets; strings have the documented escapes", async () => {
	await withEmulator({}, async ({ hub, emulator }) => {
		emulator.control.devices.seed([
			{ deviceId: "a", tags: { "site-name": "it's", quoted: 'say "x"' } },
			{ deviceId: "b", tags: { "site-name": "back\\slash" } },
		]);
		const cases: ReadonlyArray<readonly [string, string[]]> = [
			["is_defined(tags.[[site-name]])", ["a", "b"]],
			["tags.[[site-name]] = 'it\\'s'", ["a"]],
			["tags.[[site-name]] = 'it\\u0027s'", ["a"]],
			['tags.quoted = "say \\"x\\""', ["a"]],
			["tags.[[site-name]] = 'back\\\\slash'", ["b"]],
			["configurations.[[firmware-update]].status = 'Applied'", []],
		];
		for (const [where, expected] of cases) assert.deepEqual(await listIds(hub, where), expected, where);
	});
});

test("an invalid query is a 400 without details", async () => {
	const wrong = [
		"",
		"SELECT",
		"SELECT * FROM",
		"SELECT * FROM nowhere",
		"SELECT * FROM devices WHERE",
		"SELECT * FROM devices WHERE deviceId = 'open",
		"SELECT * FROM devices WHERE deviceId = ",
		"SELECT * FROM devices WHERE madeup(deviceId)",
		"SELECT * FROM devices WHERE is_defined(a, b)",
		"SELECT * FROM devices ORDER BY deviceId",
		"SELECT * FROM devices; DROP",
		"SELECT * FROM devices d WHERE d.deviceId = 'a'",
		"SELECT d.deviceId FROM devices AS d",
		"SELECT * FROM devices WHERE devices = 'a'",
		"SELECT devices FROM devices",
		"SELECT deviceId, FROM devices",
		"SELECT TOP 1.5 * FROM devices",
		"SELECT status AS from FROM devices",
		"SELECT status AS a.b FROM devices",
		"SELECT deviceId, COUNT() AS n FROM devices",
		"SELECT deviceId, COUNT() AS n FROM devices GROUP BY status",
		"SELECT deviceId FROM devices GROUP BY status",
		"SELECT AVG(tags.floor) AS mean FROM devices",
		"SELECT * FROM devices WHERE and = 'a'",
		"SELECT * FROM devices WHERE deviceId = where",
		"SELECT * FROM devices WHERE tags.site-name = 'a'",
		"SELECT * FROM devices WHERE tags.floor - 1 = 2",
		"SELECT * FROM devices WHERE tags.floor = 0x1F",
		"SELECT * FROM devices WHERE tags.[[site = 'a'",
		"SELECT * FROM devices WHERE tags.site LIKE 'a%'",
		"SELECT * FROM devices WHERE tags.site = 'a' = 'b'",
		"SELECT * FROM devices WHERE tags.site = 'a\\b'",
		"SELECT * FROM devices WHERE deviceId IN ('a', 'b')",
		`SELECT * FROM devices WHERE ${"(".repeat(5000)}`,
		`SELECT * FROM devices WHERE ${"not ".repeat(1000)} true`,
	];
	for (const query of wrong) {
		const reply = await ask(shared.hub, query);
		assert.deepEqual(
			[reply.status, reply.at("Message")],
			[400, "ErrorCode:ArgumentInvalid;BadRequest"],
			query,
		);
	}
	for (const body of [{}, { query: null }, { query: 7 }, []]) {
		assert.equal((await shared.hub.post("/devices/query", body)).status, 400);
	}
});
