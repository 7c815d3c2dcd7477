import assert from "node:assert/strict";
import { test } from "node:test";
import { UnreadableAnswer } from "../../../provider/http/errors.ts";
import { parseJsonBody, requireJsonResponse } from "../../../provider/http/legible.ts";
import type { HttpResponse } from "../../../provider/http/message.ts";
import { TestClock } from "../virtualClock.ts";
import { createRequest, type ScriptedStep, createScriptedNetwork } from "./exchange.ts";

const ask = (step: ScriptedStep): Promise<HttpResponse> =>
	requireJsonResponse()(createScriptedNetwork(step).send)(createRequest(new TestClock()));

test("a JSON answer and an empty 204 pass", async () => {
	assert.equal((await ask({ status: 200, text: "[]" })).status, 200);
	assert.equal((await ask({ status: 204, text: "" })).status, 204);
});

test("an empty success passes where the request expects none, and a proxy's page does not", async () => {
	const request = { ...createRequest(new TestClock()), allowsEmptyResponse: true };
	const asked = (step: ScriptedStep): Promise<HttpResponse> => requireJsonResponse()(createScriptedNetwork(step).send)(request);
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
