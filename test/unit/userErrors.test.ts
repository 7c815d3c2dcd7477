import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FleetError } from "../../provider/fleet/reporting.ts";
import {
	ConnectionLost,
	DeadlineExceeded,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../provider/http/errors.ts";
import { PartialError, PartiallyApplied, ResourceOperationError } from "../../provider/resource/errors.ts";
import { ConfigurationError } from "../../provider/settings/reader.ts";
import { prepareErrorForHost, prepareErrorForUser } from "../../provider/userErrors.ts";

const failedResource = { typeName: "DeviceIdentity", storedText: "the stored text" };

/** What the provider host prints of an error that `check`, `diff`, `read` or `delete` threw. */
const printed = (error: unknown): string => `${error}: ${(error as Error).stack}`;

test("what the world did is not printed a second time: the engine shows the message with the resource", () => {
	for (const error of [
		new ResourceOperationError("AlreadyExists", "DeviceIdentity a exists already."),
		new ConfigurationError("iothub:hostName", "is not set."),
		new Error("the service said no"),
	]) {
		assert.equal(
			printed(prepareErrorForHost(error, failedResource)),
			"DeviceIdentity: failed; the error stands with its resource",
		);
	}
});

test("the error itself stays, its class and its code, and the code stands behind the message once", () => {
	const error = new ResourceOperationError("AlreadyExists", "m");
	assert.equal(prepareErrorForHost(error, failedResource), error);
	assert.equal(error.code, "AlreadyExists");
	assert.equal(error.message, "m [AlreadyExists]");
	prepareErrorForHost(error, failedResource);
	assert.equal(error.message, "m [AlreadyExists]");
});

test("below a message of several lines the code has one of its own, and an error without a code has none", () => {
	const listing = new ResourceOperationError("LimitReached", "too many:\n    a\n    b");
	prepareErrorForHost(listing, failedResource);
	assert.equal(listing.message, "too many:\n    a\n    b\n[LimitReached]");
	const plain = new Error("m");
	prepareErrorForHost(plain, failedResource);
	assert.equal(plain.message, "m");
});

test("a fault of ours keeps its stack", () => {
	for (const type of [TypeError, RangeError, ReferenceError, SyntaxError]) {
		const stack = printed(prepareErrorForHost(new type("ours"), failedResource));
		assert.match(stack, /ours[\s\S]*userErrors\.test/);
	}
});

test("a half-made object gets its stored text back, without which it could never be updated", () => {
	const error = new PartialError("a", { etag: "e" }, new ResourceOperationError("ChangedElsewhere", "412"));
	prepareErrorForHost(error, failedResource);
	assert.deepEqual(error.properties, { etag: "e", __provider: "the stored text" });
	assert.deepEqual(error.reasons, ["412 [ChangedElsewhere]"]);
});

test("what is no error is handed on", () => {
	assert.equal(prepareErrorForHost("a text", failedResource), "a text");
	assert.equal(prepareErrorForHost(undefined, failedResource), undefined);
});

describe("an error that tells what the world did and nothing else says what to do", () => {
	const service = (status: number, serviceCode: string) =>
		new ServiceError("reading a failed", { status, serviceCode, requestId: undefined });
	const lost = new ConnectionLost("GET: the connection broke");
	const told = (error: Error): string => {
		prepareErrorForHost(error, failedResource);
		prepareErrorForHost(error, failedResource);
		return error.message.replace(/\s\[\w+\]$/, "");
	};

	test("again, where it may pass", () => {
		for (const error of [
			new NotConnected("no connection", true, undefined),
			lost,
			new DeadlineExceeded("read", 1_000),
			service(500, "ServerError"),
			service(408, ""),
			service(429, "ThrottlingException"),
		]) {
			assert.match(told(error), /[^.]\. Run the command again when this is over\.$/);
		}
	});

	test("look between, where no service answers so", () => {
		for (const error of [new UnreadableAnswer("a redirect", 307), service(404, ""), service(400, "")]) {
			assert.match(told(error), /check the address and any proxy on the way, then run the command again\.$/);
		}
	});

	test("nothing, where the message says so itself, or where nothing passes", () => {
		for (const error of [
			new NotConnected("no trusted TLS connection. Check the host name.", false, undefined),
			service(400, "ArgumentInvalid"),
			service(401, ""),
			service(403, ""),
			new ResourceOperationError("AlreadyExists", "m", lost),
		]) {
			const before = error.message;
			assert.equal(told(error), before);
		}
	});

	test("of a half-made object too, with its reason", () => {
		const error = new PartialError(
			"a",
			{},
			new PartiallyApplied(service(500, "ServerError"), { values: {} } as never),
		);
		assert.equal(told(error), "reading a failed. Run the command again when this is over.");
		assert.deepEqual(error.reasons, [error.message]);
	});

	test("once for all members of a fleet", () => {
		const failed = new Map<string, Error>([
			["a", new ResourceOperationError("AlreadyExists", "m")],
			["b", service(500, "ServerError")],
			["c", service(500, "ServerError")],
		]);
		const message = told(new FleetError("3 of 3 devices failed", failed));
		assert.match(
			message,
			/^ {4}c: reading a failed \[ServiceError\]\nRun the command again when this is over\.$/m,
		);
		assert.equal(message.split("Run the command").length, 2);
	});
});

test("an error of a function's call has the same behind its message, and a stack that begins with it", () => {
	const error = new UnreadableAnswer("GET: a page \u001b[2J of $& a proxy", 200);
	assert.equal(prepareErrorForUser(error), error);
	assert.equal(prepareErrorForUser(error), error);
	assert.match(
		error.message,
		/^GET: a page {2}\[2J of \$& a proxy\. The service .* again\. \[UnreadableAnswer\]$/,
	);
	assert.ok(
		error.stack?.split(": ").slice(1).join(": ").startsWith(`${error.message}\n    at `),
		error.stack,
	);
	assert.match(String(error.stack), /userErrors\.test/);
	assert.equal(prepareErrorForUser("a text"), "a text");
});

test("nothing is left in a message that a terminal would obey", () => {
	const error = new PartialError("a", {}, new Error("the tag is \u001b[2J\u202e\n    here"));
	prepareErrorForHost(error, failedResource);
	assert.equal(error.message, "the tag is  [2J \n    here");
	assert.deepEqual(error.reasons, [error.message]);
});
