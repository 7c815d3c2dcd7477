import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toJsonResponse, withOperationName } from "../../../provider/http/answer.ts";
import {
	ConnectionLost,
	DeadlineExceeded,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";

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
