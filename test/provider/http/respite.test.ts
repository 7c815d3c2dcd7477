import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { retryDelayAfter } from "../../../provider/http/respite.ts";

function refused(status: number, retryAfter?: number): ServiceError {
	return new ServiceError("refused", { status, serviceCode: "", requestId: undefined, retryAfterMs: retryAfter });
}

test("a service is left alone as long as it says, for ten seconds where it is busy, and else as usual", () => {
	assert.equal(retryDelayAfter(refused(503, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(refused(500, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(refused(503), 1_000), 10_000);
	assert.equal(retryDelayAfter(refused(500), 1_000), 1_000);
	assert.equal(retryDelayAfter(new ConnectionLost("lost"), 2_000), 2_000);
});
