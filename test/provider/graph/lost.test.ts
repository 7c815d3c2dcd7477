import assert from "node:assert/strict";
import { test } from "node:test";
import { answerLost, pauseAfter } from "../../../provider/graph/lost.ts";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { refused } from "./fakeTenant.ts";

test("a service is left alone for as long as it wants, longer where it is busy, else for a moment", () => {
	const details = { status: 503, serviceCode: "", requestId: undefined, retryAfter: 17_000 };
	assert.equal(pauseAfter(new ServiceError("busy", details)), 17_000);
	assert.equal(pauseAfter(refused(503, "ServiceUnavailable")), 10_000);
	assert.equal(pauseAfter(refused(500, "InternalServerError")), 2_000);
	assert.equal(pauseAfter(new ConnectionLost("lost")), 2_000);
});

test("a lost answer says what was lost, and how long to wait", () => {
	const cause = refused(503, "ServiceUnavailable");
	const lost = answerLost(cause);
	assert.deepEqual([lost.message, lost.cause, lost.pause], [cause.message, cause, 10_000]);
});
