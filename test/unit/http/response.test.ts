import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	ConnectionLost,
	DeadlineExceeded,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";
import type { HttpResponse } from "../../../provider/http/pipeline.ts";
import {
	parseJsonBody,
	requireJsonResponse,
	toJsonResponse,
	withOperationName,
} from "../../../provider/http/response.ts";
import { createRequest, createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

const ask = (step: ScriptedStep): Promise<HttpResponse> =>
	requireJsonResponse()(createScriptedNetwork(step).send)(createRequest(new TestClock()));

test("a JSON answer and an empty 204 pass", async () => {
	assert.equal((await ask({ status: 200, text: "[]" })).status, 200);
	assert.equal((await ask({ status: 204, text: "" })).status, 204);
});

test("an empty success passes where the request expects none, and a proxy's page does not", async () => {
	const request = { ...createRequest(new TestClock()), allowsEmptyResponse: true };
	const asked = (step: ScriptedStep): Promise<HttpResponse> =>
		requireJsonResponse()(createScriptedNetwork(step).send)(request);
	assert.equal((await asked({ status: 200, text: "" })).status, 200);
	await assert.rejects(asked({ status: 200, text: "<html>" }), { code: "UnreadableAnswer" });
	await assert.rejects(ask({ status: 200, text: "" }), { code: "UnreadableAnswer" });
});

test("an error passes whatever its body is, for its status says enough", async () => {
	assert.equal((await ask({ status: 502, text: "<html>Bad Gateway</html>" })).status, 502);
	assert.equal((await ask({ status: 404, text: "" })).status, 404);
});

test("a redirect is not followed and told", async () => {
	for (const status of [301, 302, 304, 307, 308]) {
		await assert.rejects(ask({ status, headers: { location: "https://elsewhere.example" } }), {
			code: "UnreadableAnswer",
			status,
			message: `GET https://hub.example: the answer is a redirect (${status}), which is not followed`,
		});
	}
});

test("a success that is no JSON is told by its type and length, never by its text", async () => {
	const page = "<html>Please sign in, token=abc</html>";
	await assert.rejects(ask({ text: page, headers: { "content-type": "text/html" } }), (error) => {
		assert.ok(error instanceof UnreadableAnswer);
		assert.match(error.message, /\(200, text\/html, 38 characters\) is no JSON/);
		assert.doesNotMatch(error.message, /sign in|abc/);
		return true;
	});
	await assert.rejects(ask({ text: '{"deviceId":"a"' }), /no content type, 15 characters/);
	await assert.rejects(ask({ text: "" }), UnreadableAnswer);
});

test("the JSON value of a text that is none is undefined", () => {
	assert.deepEqual(parseJsonBody({ status: 200, headers: {}, text: '{"a":1}' }), { a: 1 });
	assert.equal(parseJsonBody({ status: 200, headers: {}, text: "{" }), undefined);
});

test("JSON that is nested deeper than anybody means is none, and brackets in texts do not count", () => {
	const deep = (levels: number) => ({
		status: 200,
		headers: {},
		text: "[".repeat(levels) + "]".repeat(levels),
	});
	assert.ok(parseJsonBody(deep(500)));
	assert.equal(parseJsonBody(deep(501)), undefined);
	assert.equal(parseJsonBody(deep(100_000)), undefined);
	const text = JSON.stringify({ a: `\\"${"[{".repeat(1_000)}` });
	assert.deepEqual(parseJsonBody({ status: 200, headers: {}, text }), JSON.parse(text));
});

test("JSON of more values than a full page has is none, and commas in texts do not count", () => {
	const many = (values: number, item: string) => ({
		status: 200,
		headers: {},
		text: `[${Array.from({ length: values }, () => item).join(",")}]`,
	});
	assert.ok(parseJsonBody(many(2_000_000, "0")));
	assert.equal(parseJsonBody(many(2_000_001, "0")), undefined);
	assert.equal(parseJsonBody(many(1_000_001, "{}")), undefined);
	assert.ok(parseJsonBody(many(1, `"${",[{".repeat(1_000_000)}"`)));
});

test("an answer is the body's JSON value, or none, with its headers", () => {
	const headers = { etag: '"1"' };
	assert.deepEqual(toJsonResponse({ status: 200, headers, text: '{"a":1}' }), { json: { a: 1 }, headers });
	assert.deepEqual(toJsonResponse({ status: 204, headers, text: "" }), { json: undefined, headers });
});

describe("an error on the way", () => {
	const thrown = (error: Error): Promise<Error> =>
		withOperationName("reading a", () => Promise.reject(error)).then(
			() => assert.fail("nothing was thrown"),
			(seen: Error) => seen,
		);

	test("is told with what it was for, and is the same error", async () => {
		for (const error of [
			new ConnectionLost("it broke"),
			new NotConnected("it broke", false, undefined),
			new UnreadableAnswer("it broke", 200),
		]) {
			assert.equal(await thrown(error), error);
			assert.equal(error.message, "reading a failed: it broke");
		}
		assert.match(
			(await thrown(new DeadlineExceeded("read", 1_000))).message,
			/^reading a failed: gave up after 1 s/,
		);
	});

	test("that says so itself is not told twice", async () => {
		assert.equal(
			(await thrown(new ConnectionLost("reading a failed: it broke"))).message,
			"reading a failed: it broke",
		);
	});

	test("that is nobody's request, or an answer, stays as it is", async () => {
		const details = { status: 400, serviceCode: "", requestId: undefined };
		for (const error of [new TypeError("ours"), new ServiceError("said", details)]) {
			const { message } = error;
			assert.equal((await thrown(error)).message, message);
		}
	});

	test("that does not come leaves the result as it is", async () => {
		assert.equal(await withOperationName("reading a", async () => 7), 7);
	});
});
