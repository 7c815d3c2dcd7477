import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionLost, NotConnected, ServiceError } from "../../../provider/http/errors.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createHubCall, createHubRefusal, createScriptedHub } from "./hubClient.ts";

describe("a request", () => {
	test("goes to the hub's origin with api-version, authorized, and accepts JSON", async () => {
		const { client, sent, deadline } = createScriptedHub(createHubAnswer({ a: 1 }));
		const { json } = await client.send(
			createHubCall(deadline, { path: "/devices/a%2Fb", query: { top: "5" } }),
		);
		assert.deepEqual(json, { a: 1 });
		const [request] = sent;
		assert.equal(request?.url.href, "https://fleet.example/devices/a%2Fb?top=5&api-version=2021-04-12");
		assert.deepEqual(request?.headers, { accept: "application/json", authorization: "token" });
		assert.equal(request?.body, undefined);
	});

	test("with a body has the content type JSON", async () => {
		const { client, sent, deadline } = createScriptedHub(createHubAnswer({}));
		await client.send(
			createHubCall(deadline, { method: "PUT", permission: "registryWrite", body: { deviceId: "a" } }),
		);
		assert.equal(sent[0]?.headers["content-type"], "application/json; charset=utf-8");
		assert.equal(sent[0]?.body, '{"deviceId":"a"}');
	});

	test("sends etags in quotes, because the service once ignored one without", async () => {
		const { client, sent, deadline } = createScriptedHub(createHubAnswer({}));
		await client.send(createHubCall(deadline, { ifMatch: "MTA=" }));
		assert.equal(sent[0]?.headers["if-match"], '"MTA="');
	});

	test("counts against the rate limit of its permission, and only writes are not repeatable", async () => {
		const { client, sent, deadline } = createScriptedHub(createHubAnswer({}));
		for (const permission of ["registryRead", "registryWrite", "twinRead", "query"] as const) {
			await client.send(createHubCall(deadline, { permission }));
		}
		assert.deepEqual(
			sent.map(({ meter, repeatable }) => [meter, repeatable]),
			[
				["registry", true],
				["registry", false],
				["twin", true],
				["query", true],
			],
		);
	});

	test("is authorized anew on every attempt", async () => {
		const { client, sent, deadline } = createScriptedHub({ status: 429 }, createHubAnswer({}));
		await client.send(createHubCall(deadline));
		assert.deepEqual(
			sent.map(({ headers }) => headers["authorization"]),
			["token", "token"],
		);
	});
});

describe("an error", () => {
	const failure = async (...steps: readonly ScriptedStep[]): Promise<Error> => {
		const { client, deadline } = createScriptedHub(...steps);
		const call = createHubCall(deadline, {
			method: "PUT",
			permission: "registryWrite",
			operationName: 'creating device "a"',
		});
		return client.send(call).then(
			() => assert.fail("the request succeeded"),
			(error: Error) => error,
		);
	};

	test("of the service contains the operation, the hub, the service's message and the request id", async () => {
		const error = await failure(
			createHubRefusal(409, "DeviceAlreadyExists", "A device with ID 'a' is already registered."),
		);
		assert.ok(error instanceof ServiceError);
		assert.equal(
			error.message,
			"creating device \"a\" in hub fleet.example failed: A device with ID 'a' is already registered. " +
				"(409, DeviceAlreadyExists, request id r-1).",
		);
	});

	test("of the network contains the operation", async () => {
		assert.equal(
			(await failure(new ConnectionLost("PUT https://fleet.example: the connection broke"))).message,
			'creating device "a" in hub fleet.example failed: PUT https://fleet.example: the connection broke',
		);
		assert.match(
			(await failure(new NotConnected("no connection", false, undefined))).message,
			/^creating device "a"/,
		);
		assert.match(
			(await failure({ status: 200, text: "<html>" })).message,
			/^creating device "a".* is not JSON/,
		);
		assert.match(
			(await failure({ status: 429 })).message,
			/^creating device "a" in hub .* gave up after 1200 s/,
		);
	});

	test("that is not about a request does not change", async () => {
		assert.equal((await failure(new TypeError("ours"))).message, "ours");
	});

	test("about a permission names the missing one", async () => {
		for (const status of [401, 403]) {
			const error = await failure(createHubRefusal(status, "IotHubUnauthorizedAccess", "Unauthorized"));
			assert.match(error.message, /needs the permission RegistryWrite \(which `registryReadWrite` has\)/);
		}
	});

	test("of a full hub suggests more units", async () => {
		const full =
			"The hub has reached its maximum number of devices. Add units (`az iot hub update`), or delete some devices.";
		assert.ok((await failure(createHubRefusal(403, "IotHubQuotaExceeded"))).message.endsWith(full));
		assert.ok((await failure(createHubRefusal(403, "TooManyDevices"))).message.endsWith(full));
		const text = "Total number of devices on IotHub 'fleet' exceeded the allocated quota.";
		assert.ok((await failure(createHubRefusal(403, "GenericForbidden", text))).message.endsWith(full));
	});

	test("of another quota, or of a smaller edition, does not mention permissions", async () => {
		const { client, deadline } = createScriptedHub(
			createHubRefusal(403, "IotHubQuotaExceeded"),
			createHubRefusal(403, "OperationNotAvailableInCurrentTier"),
		);
		const query = createHubCall(deadline, { method: "POST", permission: "query", path: "/devices/query" });
		await assert.rejects(client.send(query), /The hub has used up its daily quota/);
		await assert.rejects(
			client.send(query),
			/\. Hubs of the Basic editions have neither twins nor queries\./,
		);
	});

	test("about the api-version names the setting", async () => {
		const error = await failure(createHubRefusal(400, "InvalidProtocolVersion"));
		assert.match(
			error.message,
			/does not support api-version 2021-04-12\. Set iothub:apiVersion to one that it supports\.$/,
		);
	});
});
