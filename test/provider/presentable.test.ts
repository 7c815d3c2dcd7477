import assert from "node:assert/strict";
import { test } from "node:test";
import { LifecycleError, PartialError } from "../../provider/lifecycle/errors.ts";
import { presentable } from "../../provider/presentable.ts";
import { ConfigurationError } from "../../provider/settings/errors.ts";

const origin = { title: "DeviceIdentity", provider: "the stored text" };

/** What the provider host prints of an error that `check`, `diff`, `read` or `delete` threw. */
const printed = (error: unknown): string => `${error}: ${(error as Error).stack}`;

test("what the world did is not printed a second time: the engine shows the message with the resource", () => {
	for (const error of [
		new LifecycleError("AlreadyExists", "DeviceIdentity a exists already."),
		new ConfigurationError("iothub:hostName", "is not set."),
		new Error("the service said no"),
	]) {
		assert.equal(
			printed(presentable(error, origin)),
			"DeviceIdentity: failed; the error stands with its resource",
		);
	}
});

test("the error itself stays, its class and its code, and the code stands behind the message once", () => {
	const error = new LifecycleError("AlreadyExists", "m");
	assert.equal(presentable(error, origin), error);
	assert.equal(error.code, "AlreadyExists");
	assert.equal(error.message, "m [AlreadyExists]");
	presentable(error, origin);
	assert.equal(error.message, "m [AlreadyExists]");
});

test("below a message of several lines the code has one of its own, and an error without a code has none", () => {
	const listing = new LifecycleError("LimitReached", "too many:\n    a\n    b");
	presentable(listing, origin);
	assert.equal(listing.message, "too many:\n    a\n    b\n[LimitReached]");
	const plain = new Error("m");
	presentable(plain, origin);
	assert.equal(plain.message, "m");
});

test("a fault of ours keeps its stack", () => {
	for (const type of [TypeError, RangeError, ReferenceError, SyntaxError]) {
		const stack = printed(presentable(new type("ours"), origin));
		assert.match(stack, /ours[\s\S]*presentable\.test/);
	}
});

test("a half-made object gets its stored text back, without which it could never be updated", () => {
	const error = new PartialError("a", { etag: "e" }, new LifecycleError("ChangedElsewhere", "412"));
	presentable(error, origin);
	assert.deepEqual(error.properties, { etag: "e", __provider: "the stored text" });
	assert.deepEqual(error.reasons, ["412 [ChangedElsewhere]"]);
});

test("what is no error is handed on", () => {
	assert.equal(presentable("a text", origin), "a text");
	assert.equal(presentable(undefined, origin), undefined);
});
