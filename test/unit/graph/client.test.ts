import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	ConnectionLost,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";
import type { ScriptedStep } from "../doubles.ts";
import {
	createGraphAnswer,
	createGraphCall,
	createGraphRefusal,
	createScriptedGraph,
	formatNestedMessage,
} from "./graphClient.ts";

const POST = {
	method: "POST",
	operationName: 'changing machine "5CG1234ABC"',
	body: { groupTag: "Kiosk" },
} as const;

describe("a request", () => {
	test("is sent to Graph's origin with authorization, and accepts JSON", async () => {
		const { client, sent, deadline } = createScriptedGraph(
			undefined,
			createGraphAnswer({ id: "m-1" }, { etag: '"1"' }),
		);
		const query = { $filter: "contains(serialNumber,'5CG')" };
		const { json, headers } = await client.send(createGraphCall(deadline, { path: "/v1.0/a%2Fb", query }));
		assert.deepEqual([json, headers], [{ id: "m-1" }, { etag: '"1"' }]);
		const [request] = sent;
		assert.equal(request?.url.origin + String(request?.url.pathname), "https://graph.example/v1.0/a%2Fb");
		assert.equal(request?.url.searchParams.get("$filter"), "contains(serialNumber,'5CG')");
		assert.deepEqual(request?.headers, { accept: "application/json", authorization: "Bearer token" });
		assert.equal(request?.body, undefined);
	});

	test("with a body has the content type JSON", async () => {
		const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		await client.send(createGraphCall(deadline, POST));
		assert.equal(sent[0]?.headers["content-type"], "application/json; charset=utf-8");
		assert.equal(sent[0]?.body, '{"groupTag":"Kiosk"}');
	});

	test("sends an etag exactly as Graph sent it", async () => {
		const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		await client.send(createGraphCall(deadline, { ...POST, ifMatch: 'W/"JzEt"' }));
		assert.equal(sent[0]?.headers["if-match"], 'W/"JzEt"');
		await client.send(createGraphCall(deadline, { ...POST, ifMatch: undefined }));
		assert.ok(!("if-match" in (sent[1]?.headers ?? {})));
	});

	test("sends the justification with every write, and with no read", async () => {
		const { client, sent, deadline } = createScriptedGraph("bmV3IGtpb3Nrcw==", createGraphAnswer({}));
		for (const method of ["GET", "POST", "PATCH", "DELETE"] as const) {
			await client.send(createGraphCall(deadline, { method }));
		}
		const why = "bmV3IGtpb3Nrcw==";
		assert.deepEqual(
			sent.map(({ headers }) => headers["x-msft-approval-justification"]),
			[undefined, why, why, why],
		);
	});

	test("has no justification header if no justification is set", async () => {
		const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		await client.send(createGraphCall(deadline, POST));
		assert.ok(!("x-msft-approval-justification" in (sent[0]?.headers ?? {})));
	});

	test("is metered as a read or a write, and only reads are repeatable by default", async () => {
		const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		await client.send(createGraphCall(deadline));
		await client.send(createGraphCall(deadline, POST));
		await client.send(createGraphCall(deadline, { method: "DELETE", repeatable: true }));
		assert.deepEqual(
			sent.map(({ meter, repeatable }) => [meter, repeatable]),
			[
				["read", true],
				["write", false],
				["write", true],
			],
		);
	});

	test("that writes is rate-limited to 100 writes in 20 seconds", async () => {
		const { client, sent, clock, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		const began = clock.now();
		await Promise.all(Array.from({ length: 101 }, () => client.send(createGraphCall(deadline, POST))));
		assert.ok(clock.now() - began >= 20_000, `101 writes were sent in ${clock.now() - began} ms`);
		assert.equal(sent.length, 101);
	});

	test("that reads is not rate-limited", async () => {
		const { client, clock, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		await Promise.all(Array.from({ length: 200 }, () => client.send(createGraphCall(deadline))));
		assert.deepEqual(clock.sleeps, []);
	});

	test("is retried after the delay in Intune's nested error", async () => {
		const busy = createGraphRefusal(
			429,
			"TooManyRequests",
			formatNestedMessage("Slow down", { RetryAfter: 17 }),
		);
		const { client, clock, deadline } = createScriptedGraph(undefined, busy, createGraphAnswer({}));
		await client.send(createGraphCall(deadline, POST));
		assert.deepEqual(clock.sleeps.slice(0, 1), [17_500]);
	});

	test("can have an empty response only if it is a write", async () => {
		const empty = { status: 200, text: "" };
		const { client, deadline } = createScriptedGraph(undefined, empty);
		assert.equal((await client.send(createGraphCall(deadline, POST))).json, undefined);
		await assert.rejects(
			client.send(createGraphCall(deadline)),
			/^UnreadableAnswer: reading machine .* is not JSON/,
		);
	});
});

describe("a link to a next page", () => {
	test("is followed unchanged, including its query", async () => {
		const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		const link = "https://graph.example/v1.0/machines?$top=2&$skiptoken=LastSerialNumber='A%20B'";
		await client.send(createGraphCall(deadline, { path: link }));
		assert.equal(sent[0]?.url.href, new URL(link).href);
	});

	for (const link of [
		"https://evil.example/v1.0/machines",
		"http://graph.example/v1.0/machines",
		"https://graph.example:8443/v1.0/machines",
		"//evil.example/v1.0/machines",
		"https://graph.example@evil.example/",
	]) {
		test(`to ${link} is refused before anything is sent`, async () => {
			const { client, sent, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
			await assert.rejects(
				client.send(createGraphCall(deadline, { operationName: "listing machines", path: link })),
				{
					name: "UnreadableAnswer",
					message: `listing machines failed: Graph's link to the next page leads to ${new URL(link, "https://graph.example").origin}, which is not https://graph.example, so it was not followed`,
				},
			);
			assert.deepEqual(sent, []);
		});
	}

	test("that is not a URL is reported as such", async () => {
		const { client, deadline } = createScriptedGraph(undefined, createGraphAnswer({}));
		const call = createGraphCall(deadline, { operationName: "listing machines", path: "https://" });
		await assert.rejects(client.send(call), (error: Error) => {
			assert.ok(error instanceof UnreadableAnswer);
			assert.equal(error.message, "listing machines failed: Graph's link to the next page is not a URL");
			return true;
		});
	});
});

describe("an error", () => {
	const failure = async (...steps: readonly ScriptedStep[]): Promise<Error> => {
		const { client, deadline } = createScriptedGraph(undefined, ...steps);
		return client.send(createGraphCall(deadline, POST)).then(
			() => assert.fail("it was answered"),
			(error: Error) => error,
		);
	};

	test("of the service contains the operation, the service's message and the request id", async () => {
		const error = await failure(
			createGraphRefusal(400, "BadRequest", formatNestedMessage("The group tag is odd.")),
		);
		assert.ok(error instanceof ServiceError);
		assert.equal(
			error.message,
			'changing machine "5CG1234ABC" failed: The group tag is odd. (400, BadRequest, request id r-1).',
		);
	});

	test("of the network contains the operation once", async () => {
		assert.equal(
			(await failure(new ConnectionLost("POST https://graph.example: the connection broke"))).message,
			'changing machine "5CG1234ABC" failed: POST https://graph.example: the connection broke',
		);
		for (const step of [
			new NotConnected("no connection", false, undefined),
			{ status: 200, text: "<html>" },
			{ status: 302, headers: { location: "https://evil.example/" } },
			{ status: 429 },
		]) {
			const { message } = await failure(step);
			assert.equal(message.split('changing machine "5CG1234ABC" failed: ').length, 2, message);
		}
	});

	test("that concerns no request is not changed", async () => {
		assert.equal((await failure(new TypeError("ours"))).message, "ours");
	});

	test("of permission names the permission that a write or a read needs", async () => {
		const refused = createGraphRefusal(
			403,
			"Forbidden",
			formatNestedMessage("Application is not authorized"),
		);
		assert.match((await failure(refused)).message, /DeviceManagementServiceConfig\.ReadWrite\.All with/);
		const { client, deadline } = createScriptedGraph(undefined, refused);
		await assert.rejects(
			client.send(createGraphCall(deadline)),
			/permission DeviceManagementServiceConfig\.Read\.All/,
		);
	});
});
