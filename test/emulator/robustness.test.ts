import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { useEmulator } from "./testing/useEmulator.ts";

const shared = useEmulator();
const RUNS = { numRuns: 150 };

/** Strings that often cause errors. */
const oddText = fc.oneof(
	fc.string({ maxLength: 140 }),
	fc.string({ unit: "binary", maxLength: 20 }),
	fc.constantFrom(
		"",
		" ",
		"*",
		"__proto__",
		"constructor",
		"toString",
		"..",
		"%",
		"\u0000",
		"query",
		"modules",
	),
);

const names = fc.constantFrom(
	...["deviceId", "id", "moduleId", "eTag", "importMode", "status", "statusReason", "authentication", "type"],
	...[
		"symmetricKey",
		"primaryKey",
		"x509Thumbprint",
		"capabilities",
		"iotEdge",
		"deviceScope",
		"parentScopes",
	],
	...["tags", "properties", "desired", "query", "managedBy", "__proto__", "auth", "symKey"],
);
const words = fc.constantFrom(
	"sas",
	"selfSigned",
	"create",
	"updateIfMatchETag",
	"updateTwin",
	"delete",
	"enabled",
	"a",
);

const { value: oddValue } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 5 },
		fc.jsonValue({ maxDepth: 2 }),
		words,
		tie("object"),
		fc.array(tie("value"), { maxLength: 3 }),
	),
	object: fc.dictionary(names, tie("value"), { maxKeys: 6, noNullPrototype: false }),
}));

const path = fc
	.tuple(
		fc.constantFrom(
			"/devices/{}",
			"/devices",
			"/devices/query",
			"/twins/{}",
			"/devices/{}/modules/{}",
			"/twins/{}/modules/{}",
			"/{}",
		),
		oddText.map(encodeURIComponent),
	)
	.map(([pattern, id]) => pattern.replaceAll("{}", id));

test("no body, id, etag or version makes the emulator fail", async () => {
	const request = fc.record({
		method: fc.constantFrom("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"),
		path,
		body: fc.oneof(oddValue, oddText),
		ifMatch: fc.constantFrom("*", '""', '"MTIz"', "MTIz", "W/", '"'),
		apiVersion: fc.constantFrom("2021-04-12", "2015-08-15-preview", "x"),
	});
	await fc.assert(
		fc.asyncProperty(request, async ({ method, path, body, ifMatch, apiVersion }) => {
			const reply = await shared.hub.send(method, path, { body: body ?? null, ifMatch, apiVersion });
			assert.ok(reply.status < 500 || reply.status === 503, `${reply.status} ${reply.text}`);
			assert.ok(reply.headers["x-ms-request-id"]);
		}),
		RUNS,
	);
});

test("no query makes the emulator fail", async () => {
	const word = fc.oneof(
		fc.constantFrom(
			"SELECT",
			"*",
			"FROM",
			"devices",
			"WHERE",
			"=",
			"(",
			")",
			"[",
			"]",
			",",
			"AND",
			"NOT",
			"IN",
			"'a'",
		),
		fc.constantFrom(
			"count",
			"as",
			"is_defined",
			"tags.a.__proto__",
			"deviceId",
			"1",
			"null",
			"GROUP",
			"BY",
			"TOP",
		),
		oddText,
	);
	const query = fc.array(word, { maxLength: 14 }).map((parts) => parts.join(" "));
	await fc.assert(
		fc.asyncProperty(query, async (text) => {
			const sent = { query: `${text.length % 2 ? "SELECT * FROM devices WHERE " : ""}${text}` };
			const reply = await shared.hub.post("/devices/query", sent);
			assert.ok(reply.status === 200 || reply.status === 400, `${reply.status} ${reply.text}`);
		}),
		RUNS,
	);
});

test("no Authorization header makes the emulator fail, and only a valid one is accepted", async () => {
	const parts = fc.constantFrom(
		"SharedAccessSignature ",
		"Bearer ",
		"sr=",
		"localhost",
		"&",
		"sig=",
		"&se=9999999999",
		"skn=iothubowner",
		"a.b.c",
		"%",
		"=",
	);
	await fc.assert(
		fc.asyncProperty(fc.array(parts, { maxLength: 10 }), async (pieces) => {
			assert.equal((await shared.hub.get("/devices", { authorization: pieces.join("") })).status, 401);
		}),
		RUNS,
	);
});

test("a client that disconnects in the middle of its body does no harm", async () => {
	const { port } = new URL(shared.emulator.iotHub.url);
	const socket = connect(Number(port), "127.0.0.1");
	shared.emulator.control.requests.reset();
	socket.write(
		"PUT /devices/gone?api-version=2021-04-12 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
	);
	while (shared.emulator.control.requests.count() < 1) await new Promise((resolve) => setImmediate(resolve));
	socket.destroy();
	while (shared.emulator.control.requests.list()[0]?.outcome === "pending")
		await new Promise((resolve) => setImmediate(resolve));
	assert.equal(shared.emulator.control.requests.list()[0]?.outcome, "aborted");
	assert.equal((await shared.hub.get("/devices")).status, 200);
});

test("a body larger than the services accept is 413", async () => {
	const reply = await shared.hub.put("/devices/large", `{"statusReason":"${"x".repeat(17 * 1024 * 1024)}"}`);
	assert.equal(reply.status, 413);
});
