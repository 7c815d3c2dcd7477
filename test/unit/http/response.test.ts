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
	parseJson,
	requireJsonResponse,
	toJsonResponse,
	withOperationName,
} from "../../../provider/http/response.ts";
import { createRequest, createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

const send = (step: ScriptedStep): Promise<HttpResponse> =>
	requireJsonResponse()(createScriptedNetwork(step).send)(createRequest(new TestClock()));

test("a JSON response and an empty 204 pass", async () => {
	assert.equal((await send({ status: 200, text: "[]" })).status, 200);
	assert.equal((await send({ status: 204, text: "" })).status, 204);
});

test("an empty success passes if the request allows it, and a proxy's page does not", async () => {
	const request = { ...createRequest(new TestClock()), allowsEmptyResponse: true };
	const sendExpectingEmpty = (step: ScriptedStep): Promise<HttpResponse> =>
		requireJsonResponse()(createScriptedNetwork(step).send)(request);
	assert.equal((await sendExpectingEmpty({ status: 200, text: "" })).status, 200);
	await assert.rejects(sendExpectingEmpty({ status: 200, text: "<html>" }), { code: "UnreadableAnswer" });
	await assert.rejects(send({ status: 200, text: "" }), { code: "UnreadableAnswer" });
});

test("an error response passes with any body, because its status is enough", async () => {
	assert.equal((await send({ status: 502, text: "<html>Bad Gateway</html>" })).status, 502);
	assert.equal((await send({ status: 404, text: "" })).status, 404);
});

test("a redirect is not followed and reported", async () => {
	for (const status of [301, 302, 304, 307, 308]) {
		await assert.rejects(send({ status, headers: { location: "https://elsewhere.example" } }), {
			code: "UnreadableAnswer",
			status,
			message: `GET https://hub.example: the response is a redirect (${status}), which is not followed`,
		});
	}
});

test("a success that is not JSON is reported with its type and length, never with its text", async () => {
	const page = "<html>Please sign in, token=abc</html>";
	await assert.rejects(send({ text: page, headers: { "content-type": "text/html" } }), (error) => {
		assert.ok(error instanceof UnreadableAnswer);
		assert.match(error.message, /\(200, text\/html, 38 characters\) is not JSON/);
		assert.doesNotMatch(error.message, /sign in|abc/);
		return true;
	});
	await assert.rejects(send({ text: '{"deviceId":"a"' }), /no content type, 15 characters/);
	await assert.rejects(send({ text: "" }), UnreadableAnswer);
});

test("the value of a string that is not JSON is undefined", () => {
	assert.deepEqual(parseJson('{"a":1}'), { a: 1 });
	assert.equal(parseJson("{"), undefined);
});

test("JSON that is nested too deeply is not parsed, and brackets in strings do not count", () => {
	const nest = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
	assert.ok(parseJson(nest(500)));
	assert.equal(parseJson(nest(501)), undefined);
	assert.equal(parseJson(nest(100_000)), undefined);
	const text = JSON.stringify({ a: `\\"${"[{".repeat(1_000)}` });
	assert.deepEqual(parseJson(text), JSON.parse(text));
});

test("JSON with too many values is not parsed, and commas in strings do not count", () => {
	const repeat = (values: number, item: string) =>
		`[${Array.from({ length: values }, () => item).join(",")}]`;
	assert.ok(parseJson(repeat(2_000_000, "0")));
	assert.equal(parseJson(repeat(2_000_001, "0")), undefined);
	assert.equal(parseJson(repeat(1_000_001, "{}")), undefined);
	assert.ok(parseJson(repeat(1, `"${",[{".repeat(1_000_000)}"`)));
});

test("a JSON response has the body's value, if any, and the headers", () => {
	const headers = { etag: '"1"' };
	assert.deepEqual(toJsonResponse({ status: 200, headers, text: '{"a":1}' }), { json: { a: 1 }, headers });
	assert.deepEqual(toJsonResponse({ status: 204, headers, text: "" }), { json: undefined, headers });
});

describe("an error of a named operation", () => {
	const catchError = (error: Error): Promise<Error> =>
		withOperationName("reading a", () => Promise.reject(error)).then(
			() => assert.fail("nothing was thrown"),
			(rejection: Error) => rejection,
		);

	test("gets the operation's name as a prefix, and is the same error", async () => {
		for (const error of [
			new ConnectionLost("it broke"),
			new NotConnected("it broke", false, undefined),
			new UnreadableAnswer("it broke", 200),
		]) {
			assert.equal(await catchError(error), error);
			assert.equal(error.message, "reading a failed: it broke");
		}
		assert.match(
			(await catchError(new DeadlineExceeded("read", 1_000))).message,
			/^reading a failed: gave up after 1 s/,
		);
	});

	test("that already has the prefix does not get it twice", async () => {
		assert.equal(
			(await catchError(new ConnectionLost("reading a failed: it broke"))).message,
			"reading a failed: it broke",
		);
	});

	test("that is a bug or an error response is unchanged", async () => {
		const details = { status: 400, serviceCode: "", requestId: undefined };
		for (const error of [new TypeError("a bug"), new ServiceError("refused", details)]) {
			const { message } = error;
			assert.equal((await catchError(error)).message, message);
		}
	});

	test("that does not occur leaves the result unchanged", async () => {
		assert.equal(await withOperationName("reading a", async () => 7), 7);
	});
});
