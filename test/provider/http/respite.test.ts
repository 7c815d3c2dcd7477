import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { respiteAfter } from "../../../provider/http/respite.ts";

function refused(status: number, retryAfter?: number): ServiceError {
	return new ServiceError("refused", { status, serviceCode: "", requestId: undefined, retryAfter });
}

test("a service is left alone as long as it says, for ten seconds where it is busy, and else as usual", () => {
	assert.equal(respiteAfter(refused(503, 4_000), 1_000), 4_000);
	assert.equal(respiteAfter(refused(500, 4_000), 1_000), 4_000);
	assert.equal(respiteAfter(refused(503), 1_000), 10_000);
	assert.equal(respiteAfter(refused(500), 1_000), 1_000);
	assert.equal(respiteAfter(new ConnectionLost("lost"), 2_000), 2_000);
});
