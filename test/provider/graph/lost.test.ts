import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponseLost, getLostResponseDelay } from "../../../provider/graph/lost.ts";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { createServiceError } from "./fakeTenant.ts";

test("a service is left alone for as long as it wants, longer where it is busy, else for a moment", () => {
	const details = { status: 503, serviceCode: "", requestId: undefined, retryAfterMs: 17_000 };
	assert.equal(getLostResponseDelay(new ServiceError("busy", details)), 17_000);
	assert.equal(getLostResponseDelay(createServiceError(503, "ServiceUnavailable")), 10_000);
	assert.equal(getLostResponseDelay(createServiceError(500, "InternalServerError")), 2_000);
	assert.equal(getLostResponseDelay(new ConnectionLost("lost")), 2_000);
});

test("a lost answer says what was lost, and how long to wait", () => {
	const cause = createServiceError(503, "ServiceUnavailable");
	const lost = createResponseLost(cause);
	assert.deepEqual([lost.message, lost.cause, lost.pauseMs], [cause.message, cause, 10_000]);
});
