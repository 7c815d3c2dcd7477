import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NotConnected, ServiceError } from "../../provider/http/errors.ts";
import { PartiallyApplied, ResourceOperationError } from "../../provider/resource/errors.ts";
import { ConfigurationError } from "../../provider/settings/reader.ts";
import { findSharedFault, isSharedFault, RepeatedFault } from "../../provider/sharedFault.ts";

const refusal = Object.assign(
	new ServiceError("creating a failed. Set the key.", {
		status: 401,
		serviceCode: "IotHubUnauthorized",
		requestId: undefined,
	}),
	{ scope: "service" } as const,
);
const first = { fault: refusal, operationName: "creating a" } as const;

describe("a shared fault", () => {
	test("is an error with a scope", () => {
		assert.ok(isSharedFault(refusal));
		assert.ok(isSharedFault(new NotConnected("no connection", true, undefined)));
		assert.ok(isSharedFault(new ConfigurationError("iothub:hostName", "is not set")));
		const details = { status: 409, serviceCode: "DeviceAlreadyExists", requestId: undefined };
		assert.ok(!isSharedFault(new ServiceError("creating a failed", details)));
		assert.ok(!isSharedFault(Object.assign(new Error("of a library"), { scope: "https://hub/.default" })));
		assert.ok(!isSharedFault({ scope: "service" }));
	});

	test("is found in any error that wraps it, and is the first one even if it is repeated", () => {
		const live = { etag: "1", values: {}, computed: {} };
		assert.equal(findSharedFault(new PartiallyApplied(refusal, live)), refusal);
		assert.equal(findSharedFault(new ResourceOperationError("OutcomeUnknown", "lost", refusal)), refusal);
		const repeated = new RepeatedFault("creating b", first, { isUntried: true });
		assert.equal(findSharedFault(new Error("no replacement", { cause: repeated })), refusal);
		assert.equal(findSharedFault(new Error("refused")), undefined);
		const circle = new Error("a circle");
		circle.cause = circle;
		assert.equal(findSharedFault(circle), undefined);
	});
});

describe("a repeated fault", () => {
	test("names its own operation and the one whose error has the reason", () => {
		const untried = new RepeatedFault("creating b", first, { isUntried: true });
		assert.equal(
			untried.message,
			"creating b was not tried: creating a failed for a reason that affects both. See the error of that operation for the reason and the remedy.",
		);
		const tried = new RepeatedFault("creating b", first, { isUntried: false });
		assert.match(tried.message, /^creating b failed: creating a failed for a reason that affects both\./);
		assert.deepEqual([tried.code, tried.scope, tried.cause], ["SharedFault", "service", refusal]);
	});

	test("can include the reason itself", () => {
		const untried = new RepeatedFault("creating b", first, { isUntried: true });
		untried.includeFault();
		assert.equal(untried.message, "creating b was not tried: creating a failed. Set the key.");
	});
});
