import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply, Sent } from "./testing/hubClient.ts";
import { createFreshId, useEmulator, withEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const KEYS = {
	primaryKey: Buffer.alloc(16, 1).toString("base64"),
	secondaryKey: Buffer.alloc(64, 2).toString("base64"),
};
const SHA1 = "0123456789abcdefABCDEF0123456789abcdefAB";
const SHA256 = `${SHA1}0123456789ABCDEF01234567`;

async function create(
	body: object = {},
	id = createFreshId(),
): Promise<{ reply: Reply; path: string; id: string }> {
	const path = `/devices/${id}`;
	return { reply: await shared.hub.put(path, { deviceId: id, ...body }), path, id };
}

function update(path: string, body: object, sent: Sent = { ifMatch: "*" }): Promise<Reply> {
	return shared.hub.put(path, { deviceId: path.split("/").at(-1), ...body }, sent);
}

function getKeys(reply: Reply): unknown {
	return reply.at("authentication.symmetricKey");
}

/** Returns the response to a create with the given authentication. */
async function withAuthentication(authentication: unknown): Promise<Reply> {
	return (await create({ authentication })).reply;
}

test("16 generationId is decimal .NET ticks, kept by updates and new after delete and create", async () => {
	const { reply, path, id } = await create();
	const generation = String(reply.at("generationId"));
	assert.match(generation, /^\d{18}$/);
	const milliseconds = Number((BigInt(generation) - 621_355_968_000_000_000n) / 10_000n);
	assert.ok(Math.abs(milliseconds - shared.emulator.control.clock.now()) < 60_000);
	assert.equal((await update(path, { generationId: "1" })).at("generationId"), generation);
	await shared.hub.delete(path);
	assert.notEqual((await create({}, id)).reply.at("generationId"), generation);
});

test("17 defaults of a new device", async () => {
	const { reply } = await create();
	const { etag, generationId, authentication, ...rest } = reply.json as Record<string, unknown>;
	assert.ok(etag && generationId && authentication);
	assert.deepEqual(rest, {
		deviceId: reply.at("deviceId"),
		connectionState: "Disconnected",
		status: "enabled",
		statusReason: null,
		connectionStateUpdatedTime: "0001-01-01T00:00:00",
		statusUpdatedTime: "0001-01-01T00:00:00",
		lastActivityTime: "0001-01-01T00:00:00",
		cloudToDeviceMessageCount: 0,
		capabilities: { iotEdge: false },
		parentScopes: [],
	});
});

test("18 a leaf without parent has parentScopes after a create and neither scope on GET", async () => {
	const { reply, path } = await create();
	assert.deepEqual(reply.at("parentScopes"), []);
	assert.equal(reply.at("deviceScope"), undefined);
	const read = await shared.hub.get(path);
	assert.equal("parentScopes" in (read.json as object), false);
	assert.equal("deviceScope" in (read.json as object), false);
	assert.deepEqual((await update(path, { parentScopes: [] })).at("parentScopes"), []);
	assert.equal("parentScopes" in ((await update(path, {})).json as object), false);
});

test("19 statusUpdatedTime changes exactly if the status does", async () => {
	const { path } = await create();
	const never = (await update(path, { statusReason: "still enabled" })).at("statusUpdatedTime");
	assert.equal(never, "0001-01-01T00:00:00Z");
	const off = (await update(path, { status: "disabled" })).at("statusUpdatedTime");
	assert.match(String(off), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/);
	assert.equal((await update(path, { status: "disabled", statusReason: "x" })).at("statusUpdatedTime"), off);
	const on = (await update(path, { status: "enabled" })).at("statusUpdatedTime");
	assert.notEqual(on, off);
	assert.equal((await shared.hub.get(path)).at("statusUpdatedTime"), on);
});

test("20 read-only members in the body are ignored", async () => {
	const readOnly = {
		etag: "AAAA",
		generationId: "7",
		connectionState: "Connected",
		connectionStateUpdatedTime: "2020-01-01T00:00:00Z",
		statusUpdatedTime: "2020-01-01T00:00:00Z",
		lastActivityTime: "0001-01-01T00:00:00",
		cloudToDeviceMessageCount: 9,
	};
	const { reply, path } = await create(readOnly);
	assert.equal(reply.status, 200);
	for (const answer of [reply, await update(path, readOnly)]) {
		assert.notEqual(answer.at("etag"), "AAAA");
		assert.notEqual(answer.at("generationId"), "7");
		assert.equal(answer.at("connectionState"), "Disconnected");
		assert.match(String(answer.at("connectionStateUpdatedTime")), /^0001-/);
		assert.match(String(answer.at("lastActivityTime")), /^0001-/);
		assert.equal(answer.at("cloudToDeviceMessageCount"), 0);
	}
});

test("21 an update that omits authentication generates new keys, of type sas", async () => {
	const { reply, path } = await create({ authentication: { type: "sas", symmetricKey: KEYS } });
	assert.deepEqual(getKeys(reply), KEYS);
	const updated = await update(path, { statusReason: "only this" });
	assert.equal(updated.status, 200);
	assert.equal(updated.at("authentication.type"), "sas");
	assert.notEqual(updated.at("authentication.symmetricKey.primaryKey"), KEYS.primaryKey);
	assert.notEqual(updated.at("authentication.symmetricKey.secondaryKey"), KEYS.secondaryKey);
	await update(path, { authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: SHA1 } } });
	assert.equal((await update(path, {})).at("authentication.type"), "sas");
});

test('22 an update with both keys "" generates new keys', async () => {
	const { path } = await create({ authentication: { type: "sas", symmetricKey: KEYS } });
	const symmetricKey = { primaryKey: "", secondaryKey: "" };
	const updated = await update(path, { authentication: { type: "sas", symmetricKey } });
	assert.equal(updated.status, 200);
	assert.match(String(updated.at("authentication.symmetricKey.primaryKey")), /^[A-Za-z0-9+/]{43}=$/);
	for (const empty of [{}, null, { primaryKey: null, secondaryKey: null }]) {
		assert.equal((await update(path, { authentication: { type: "sas", symmetricKey: empty } })).status, 200);
	}
});

test("23 a single key, keys that are not base64, and keys of less than 16 or more than 64 bytes are 400", async () => {
	const bytes = (count: number) => Buffer.alloc(count, 7).toString("base64");
	const wrong = [
		[{ primaryKey: bytes(32) }, /Either no keys or both keys can be set/],
		[{ primaryKey: "", secondaryKey: bytes(32) }, /Either no keys or both keys can be set/],
		[{ primaryKey: "not base64!", secondaryKey: bytes(32) }, /base64/],
		[{ primaryKey: bytes(15), secondaryKey: bytes(32) }, /Invalid device key length/],
		[{ primaryKey: bytes(32), secondaryKey: bytes(65) }, /Invalid device key length/],
	] as const;
	for (const [symmetricKey, message] of wrong) {
		const reply = await withAuthentication({ type: "sas", symmetricKey });
		assert.equal(reply.status, 400);
		assert.equal(reply.headers["iothub-errorcode"], "ArgumentInvalid");
		assert.match(String(reply.at("Message")), message);
	}
	for (const count of [16, 64]) {
		const symmetricKey = { primaryKey: bytes(count), secondaryKey: bytes(count) };
		assert.equal((await withAuthentication({ type: "sas", symmetricKey })).status, 200);
	}
});

test("24 given keys are echoed byte for byte by PUT and GET", async () => {
	const symmetricKey = { primaryKey: `${"+/".repeat(21)}8=`, secondaryKey: KEYS.secondaryKey };
	const { reply, path } = await create({ authentication: { type: "sas", symmetricKey } });
	assert.deepEqual(getKeys(reply), symmetricKey);
	assert.deepEqual(getKeys(await shared.hub.get(path)), symmetricKey);
	assert.deepEqual(getKeys(await update(path, { authentication: { symmetricKey } })), symmetricKey);
});

test("25 selfSigned accepts 40 or 64 hex digits and keeps their case; anything else is 400", async () => {
	const x509Thumbprint = { primaryThumbprint: SHA1, secondaryThumbprint: SHA256 };
	const { reply, path } = await create({ authentication: { type: "selfSigned", x509Thumbprint } });
	assert.equal(reply.status, 200);
	for (const answer of [reply, await shared.hub.get(path)]) {
		assert.deepEqual(answer.at("authentication"), {
			symmetricKey: { primaryKey: null, secondaryKey: null },
			x509Thumbprint,
			type: "selfSigned",
		});
	}
	const separated = SHA1.replace(/(..)(?=.)/g, "$1:");
	for (const primaryThumbprint of [separated, SHA1.slice(1), `${SHA1}0`, `G${SHA1.slice(1)}`, ` ${SHA1}`]) {
		const refused = await withAuthentication({ type: "selfSigned", x509Thumbprint: { primaryThumbprint } });
		assert.equal(refused.status, 400);
		assert.match(String(refused.at("Message")), /StringIsNotThumbprint/);
	}
	assert.equal((await withAuthentication({ type: "selfSigned" })).status, 200);
});

test("26 certificateAuthority has neither keys nor thumbprints", async () => {
	const reply = await withAuthentication({ type: "certificateAuthority" });
	assert.deepEqual(reply.at("authentication"), {
		symmetricKey: { primaryKey: null, secondaryKey: null },
		x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null },
		type: "certificateAuthority",
	});
});

test("27 type none on a device is 400", async () => {
	const reply = await withAuthentication({ type: "none" });
	assert.equal(reply.status, 400);
	assert.match(String(reply.at("Message")), /DeviceAuthenticationTypeIsMissing/);
});

test("28 from sas to certificateAuthority and back, the second sas has new keys", async () => {
	const { path } = await create({ authentication: { type: "sas", symmetricKey: KEYS } });
	await update(path, { authentication: { type: "certificateAuthority" } });
	const back = await update(path, { authentication: { type: "sas" } });
	assert.equal(back.status, 200);
	assert.notDeepEqual(getKeys(back), KEYS);
	assert.equal(String(back.at("authentication.symmetricKey.primaryKey")).length, 44);
});

test("keys together with thumbprints, and unknown types and values, are 400", async () => {
	const both = { symmetricKey: KEYS, x509Thumbprint: { primaryThumbprint: SHA1 } };
	for (const type of ["sas", "selfSigned", undefined])
		assert.equal((await withAuthentication({ type, ...both })).status, 400);
	assert.equal((await withAuthentication({ type: "magic" })).status, 400);
	assert.equal((await withAuthentication("sas")).status, 400);
	for (const body of [
		{ status: "asleep" },
		{ status: 1 },
		{ capabilities: [] },
		{ capabilities: { iotEdge: "no" } },
	]) {
		assert.equal((await create(body)).reply.status, 400);
	}
});

test("37 ids have a documented alphabet, length, case and escapes", async () => {
	const named = async (segment: string) => (await shared.hub.put(`/devices/${segment}`, {})).status;
	assert.equal(await named("A".repeat(128)), 200);
	assert.equal(await named("A".repeat(129)), 400);
	for (const odd of ["a b", "ü", "a/b", "a\\b", "a\nb", "<a>"])
		assert.equal(await named(encodeURIComponent(odd)), 400);
	const all = "-:.+%_#*?!(),=@;$'";
	assert.equal(await named(encodeURIComponent(all)), 200);
	assert.equal((await shared.hub.get(`/devices/${encodeURIComponent(all)}`)).at("deviceId"), all);
	assert.equal(await named("a%3Bb"), 200);
	assert.equal(await named("a%2Fb"), 400);
	assert.equal(await named("case"), 200);
	assert.equal(await named("CASE"), 200);
	assert.equal((await shared.hub.get("/devices/CASE")).at("deviceId"), "CASE");
	assert.equal((await shared.hub.get("/devices/Case")).status, 404);
});

test("38 a statusReason of more than 128 characters is 400", async () => {
	assert.equal((await create({ statusReason: "ü".repeat(128) })).reply.at("statusReason"), "ü".repeat(128));
	assert.equal((await create({ statusReason: "x".repeat(129) })).reply.status, 400);
});

test("57 times have the recorded format, or that of today's gateway", async () => {
	const times = (reply: Reply) => [reply.at("statusUpdatedTime"), reply.at("lastActivityTime")];
	const { reply, path } = await create();
	assert.deepEqual(times(reply), ["0001-01-01T00:00:00", "0001-01-01T00:00:00"]);
	assert.deepEqual(times(await shared.hub.get(path)), ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]);
	await withEmulator({ switches: { wire: "2026" } }, async ({ hub }) => {
		assert.deepEqual(times(await hub.put("/devices/a", {})), [
			"0001-01-01T00:00:00Z",
			"0001-01-01T00:00:00Z",
		]);
		const never = "0001-01-01T00:00:00.0000000Z";
		assert.deepEqual(times(await hub.get("/devices/a")), [never, never]);
		const missing = await hub.get("/devices/b");
		assert.match(String(missing.at("ExceptionMessage")), /-G2:-TimeStamp:20\d\d-[\dT:-]+\.\d{9}Z$/);
		const twin = await hub.get("/twins/a");
		assert.deepEqual(twin.at("x509Thumbprint"), { PrimaryThumbprint: null, SecondaryThumbprint: null });
	});
});

test("58 unknown members are ignored, including those of 2015", async () => {
	const auth = { symKey: { primary: KEYS.primaryKey, secondary: KEYS.secondaryKey } };
	const { reply } = await create({ auth, colour: "red", nested: { deep: [1, 2] } });
	assert.equal(reply.status, 200);
	assert.notEqual(reply.at("authentication.symmetricKey.primaryKey"), KEYS.primaryKey);
	assert.equal("colour" in (reply.json as object), false);
});

test("a body deviceId other than the path's is overwritten, or rejected with a switch", async () => {
	const { id } = await create();
	const reply = await shared.hub.put(`/devices/${id}`, { deviceId: "other" }, { ifMatch: "*" });
	assert.equal(reply.at("deviceId"), id);
	await withEmulator({ switches: { bodyDeviceId: "reject" } }, async ({ hub }) => {
		assert.equal((await hub.put("/devices/a", { deviceId: "other" })).status, 400);
		assert.equal((await hub.put("/devices/a", { deviceId: "a" })).status, 200);
	});
});

test("member names and values are case-insensitive", async () => {
	const { reply } = await create({
		Status: "Disabled",
		StatusReason: "loud",
		Authentication: {
			Type: "SAS",
			SymmetricKey: { PrimaryKey: KEYS.primaryKey, SecondaryKey: KEYS.secondaryKey },
		},
		Capabilities: { IotEdge: true },
	});
	assert.equal(reply.at("status"), "disabled");
	assert.equal(reply.at("statusReason"), "loud");
	assert.deepEqual(getKeys(reply), KEYS);
	assert.equal(reply.at("capabilities.iotEdge"), true);
});

for (const [withheldKeys, symmetricKey] of [
	["null", { primaryKey: null, secondaryKey: null }],
	["empty", { primaryKey: "", secondaryKey: "" }],
	["absent", undefined],
] as const) {
	test(`responses can withhold keys (${withheldKeys}), and a PUT without them then gives the device new ones`, async () => {
		await withEmulator({}, async ({ hub, emulator: { control } }) => {
			await hub.put("/devices/d", { deviceId: "d", authentication: { symmetricKey: KEYS } });
			control.switches.withheldKeys = withheldKeys;
			const read = await hub.get("/devices/d");
			assert.deepEqual(read.at("authentication.symmetricKey"), symmetricKey);
			assert.equal(read.at("authentication.type"), "sas");
			assert.deepEqual(control.devices.get("d")?.authentication.symmetricKey, KEYS);
			const sent = { deviceId: "d", authentication: read.at("authentication") };
			const written = await hub.put("/devices/d", sent, { ifMatch: "*" });
			assert.equal(written.status, 200);
			assert.deepEqual(written.at("authentication.symmetricKey"), symmetricKey);
			assert.notDeepEqual(control.devices.get("d")?.authentication.symmetricKey, KEYS);
		});
	});
}
