import assert from "node:assert/strict";
import { test } from "node:test";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const DONE = '{"isSuccessful":true,"errors":[],"warnings":[]}';
const STALE = Buffer.from("1").toString("base64");

function postBulk(...items: object[]) {
	return shared.hub.post("/devices", items);
}

async function createDevice(): Promise<{ id: string; etag: string }> {
	const id = createFreshId();
	const [device] = shared.emulator.control.devices.seed([{ deviceId: id }]);
	return { id, etag: device?.etag ?? "" };
}

function getDevice(id: string) {
	return shared.emulator.control.devices.get(id);
}

test("44 a bare array of up to 100 items gets a response of 47 bytes; an object is 400", async () => {
	const items = Array.from({ length: 100 }, () => ({ id: createFreshId(), importMode: "create" }));
	const reply = await postBulk(...items);
	assert.deepEqual([reply.status, reply.text, reply.text.length], [200, DONE, 47]);
	assert.ok(items.every(({ id }) => getDevice(id) !== undefined));
	const wrapped = await shared.hub.post("/devices", {
		devices: [{ id: createFreshId(), importMode: "create" }],
	});
	assert.deepEqual([wrapped.status, wrapped.headers["iothub-errorcode"]], [400, "ArgumentInvalid"]);
});

test("45 one failing item makes the response 400 with the result as body; the others are applied", async () => {
	const { id } = await createDevice();
	const [before, after] = [createFreshId(), createFreshId()];
	const reply = await postBulk(
		{ id: before, importMode: "create" },
		{ id, importMode: "create" },
		{ id: after, importMode: "create" },
	);
	assert.equal(reply.status, 400);
	assert.equal(reply.at("isSuccessful"), false);
	assert.equal((reply.at("errors") as unknown[]).length, 1);
	assert.equal(reply.at("errors.0.deviceId"), id);
	assert.equal(reply.at("errors.0.errorCode"), 409001);
	assert.ok(getDevice(before) && getDevice(after));
	shared.emulator.control.switches.bulkErrorCodes = "names";
	const named = await postBulk({ id, importMode: "create" }, { id: "nobody", importMode: "delete" });
	shared.emulator.control.switches.bulkErrorCodes = "numbers";
	assert.equal(named.at("errors.0.errorCode"), "DeviceAlreadyExists");
	assert.equal(named.at("errors.1.errorCode"), "DeviceNotFound");
});

test("46 101 items are 413 TooManyDevices, a duplicate id is 400 DeviceDefinedMultipleTimes", async () => {
	const items = Array.from({ length: 101 }, () => ({ id: createFreshId(), importMode: "create" }));
	const many = await postBulk(...items);
	assert.deepEqual([many.status, many.headers["iothub-errorcode"]], [413, "TooManyDevices"]);
	assert.ok(items.every(({ id }) => getDevice(id) === undefined));
	const id = createFreshId();
	const twice = await postBulk({ id, importMode: "create" }, { id, importMode: "delete" });
	assert.deepEqual([twice.status, twice.headers["iothub-errorcode"]], [400, "DeviceDefinedMultipleTimes"]);
	assert.equal(getDevice(id), undefined);
});

test("47 update and delete ignore a stale eTag; the IfMatchETag modes reject it", async () => {
	const one = await createDevice();
	assert.equal(
		(await postBulk({ id: one.id, eTag: STALE, importMode: "update", status: "disabled" })).status,
		200,
	);
	assert.equal(getDevice(one.id)?.status, "disabled");
	const readEtagCounter = (etag: unknown) => Number(Buffer.from(String(etag), "base64").toString());
	assert.equal(readEtagCounter(getDevice(one.id)?.etag), readEtagCounter(one.etag) + 1);
	const refused = await postBulk({ id: one.id, eTag: STALE, importMode: "updateIfMatchETag" });
	assert.deepEqual([refused.status, refused.at("errors.0.errorCode")], [400, 412001]);
	const current = getDevice(one.id)?.etag;
	assert.equal((await postBulk({ id: one.id, eTag: current, importMode: "updateIfMatchETag" })).status, 200);
	assert.equal((await postBulk({ id: one.id, eTag: STALE, importMode: "deleteIfMatchETag" })).status, 400);
	assert.equal((await postBulk({ id: one.id, eTag: STALE, importMode: "delete" })).status, 200);
	assert.equal(getDevice(one.id), undefined);
});

test("47 a wildcard or a missing eTag passes; names and modes are case-insensitive", async () => {
	const [one, two, three] = [await createDevice(), await createDevice(), await createDevice()];
	assert.equal((await postBulk({ id: one.id, etag: "*", importMode: "deleteIfMatchEtag" })).status, 200);
	assert.equal((await postBulk({ Id: two.id, ImportMode: "DELETEIFMATCHETAG" })).status, 200);
	assert.equal(
		(await postBulk({ id: three.id, importMode: "UpdateIfMatchETag", ETAG: three.etag })).status,
		200,
	);
	assert.ok(!getDevice(one.id) && !getDevice(two.id) && getDevice(three.id));
});

test("an item may contain its twin, which then counts as part of the create", async () => {
	const id = createFreshId();
	const item = { id, importMode: "create", tags: { site: "north" }, properties: { desired: { rate: 5 } } };
	assert.equal((await postBulk(item)).status, 200);
	const twin = await shared.hub.get(`/twins/${id}`);
	assert.deepEqual([twin.at("version"), twin.at("etag")], [2, "AAAAAAAAAAE="]);
	assert.deepEqual(twin.at("tags"), { site: "north" });
	assert.equal(twin.at("properties.desired.rate"), 5);
	assert.equal(twin.at("properties.desired.$version"), 1);
	assert.equal(
		twin.json && (twin.at("properties.desired.$metadata") as { $lastUpdated: string }).$lastUpdated,
		"0001-01-01T00:00:00Z",
	);
	assert.equal((await postBulk({ id, importMode: "updateTwin", tags: { site: "south" } })).status, 200);
	assert.equal((await shared.hub.get(`/twins/${id}`)).at("tags.site"), "south");
	const stale = { id, importMode: "updateTwinIfMatchETag", twinETag: "AAAAAAAAAAE=", tags: {} };
	assert.equal((await postBulk(stale)).at("errors.0.errorCode"), 412001);
});

test("items follow the rules of single requests: authentication, scopes, ids, modules", async () => {
	const { id } = await createDevice();
	const keys = getDevice(id)?.authentication.symmetricKey;
	await postBulk({ id, importMode: "update" });
	assert.notDeepEqual(getDevice(id)?.authentication.symmetricKey, keys);
	const wrong = await postBulk(
		{ id: "a b", importMode: "create" },
		{ id: createFreshId(), importMode: "create", authentication: { type: "none" } },
		{ id: createFreshId(), importMode: "sometimes" },
		{ id: "nobody", importMode: "update" },
	);
	const codes = (wrong.at("errors") as Array<{ errorCode: number }>).map(({ errorCode }) => errorCode);
	assert.deepEqual(codes, [400004, 400004, 400004, 404001]);
	const module = await postBulk({ id, moduleId: "camera", importMode: "create" });
	assert.equal(module.status, 200);
	assert.deepEqual(getDevice(id)?.modules, ["camera"]);
	const again = await postBulk({ id, moduleId: "camera", importMode: "create" });
	assert.deepEqual([again.at("errors.0.moduleId"), again.at("errors.0.errorCode")], ["camera", 409301]);
});

test("empty lists, null items and items without an id are 400", async () => {
	for (const body of ["[]", "[null]", '["a"]', "[{}]", '[{"id":7}]', "[[]]", "null", ""]) {
		const reply = await shared.hub.post("/devices", body);
		assert.equal(reply.status, 400);
		assert.match(String(reply.headers["iothub-errorcode"]), /^Argument(Null|Invalid)$/);
	}
});

test("createOrUpdate is supported, or not with a switch", async () => {
	const id = createFreshId();
	assert.equal((await postBulk({ id, importMode: "createOrUpdate" })).status, 200);
	assert.equal((await postBulk({ id, importMode: "createOrUpdate", status: "disabled" })).status, 200);
	assert.equal(getDevice(id)?.status, "disabled");
	await withEmulator({ switches: { bulkCreateOrUpdate: false } }, async ({ hub }) => {
		assert.equal((await hub.post("/devices", [{ id: "a", importMode: "createOrUpdate" }])).status, 400);
	});
});
