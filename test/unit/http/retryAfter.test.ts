import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { findLongWait, retryDelayAfter } from "../../../provider/http/retryAfter.ts";
import { TestClock } from "../doubles.ts";

function createServiceError(status: number, retryAfterMs?: number): ServiceError {
	return new ServiceError("creating a failed (503)", {
		status,
		serviceCode: "",
		requestId: undefined,
		retryAfterMs,
	});
}

test("the delay after an error is the service's, ten seconds after a 503, and otherwise the default", () => {
	assert.equal(retryDelayAfter(createServiceError(503, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(createServiceError(500, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(createServiceError(503), 1_000), 10_000);
	assert.equal(retryDelayAfter(createServiceError(500), 1_000), 1_000);
	assert.equal(retryDelayAfter(new ConnectionLost("lost"), 2_000), 2_000);
});

test("the delay after an error is at least the default and at most a minute, whatever the service asks for", () => {
	assert.equal(retryDelayAfter(createServiceError(503, 0), 1_000), 1_000);
	assert.equal(retryDelayAfter(createServiceError(503, 86_400_000), 1_000), 60_000);
});

test("a write that was not applied may be sent again unless the service asks to wait longer than the operation may take", () => {
	const deadline = new Deadline("create", 1_200_000, new TestClock(), { setting: "iothub:timeouts" });
	assert.equal(findLongWait(createServiceError(503, 60_000), deadline), undefined);
	assert.equal(findLongWait(createServiceError(503), deadline), undefined);
	assert.equal(findLongWait(new ConnectionLost("lost"), deadline), undefined);
	assert.equal(
		findLongWait(createServiceError(503, 86_400_000), deadline)?.message,
		"creating a failed (503). The service asks to wait 24 h before the next request (503 with Retry-After), but `iothub:timeouts` " +
			"allows only 20 min for create. Nothing was written by this request. Run the command again in 24 h, or raise " +
			"`iothub:timeouts` above that to let the run wait.",
	);
});
