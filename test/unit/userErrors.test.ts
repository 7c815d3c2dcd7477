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
import { RepeatedFault } from "../../provider/sharedFault.ts";
import {
	addFailureCodes,
	prepareErrorForHost,
	prepareErrorForUser,
	silenceReferences,
} from "../../provider/userErrors.ts";

const failedResource = { typeName: "DeviceIdentity", storedText: "the stored text" };

/** Returns the text that the provider host prints for an error of `check`, `diff`, `read` or `delete`. */
const formatAsHost = (error: unknown): string => `${error}: ${(error as Error).stack}`;

test("an expected error is not printed twice: the engine shows its message with the resource", () => {
	for (const error of [
		new ResourceOperationError("AlreadyExists", "DeviceIdentity a exists already."),
		new ConfigurationError("iothub:hostName", "is not set."),
		new Error("the service said no"),
	]) {
		assert.equal(
			formatAsHost(prepareErrorForHost(error, failedResource)),
			"DeviceIdentity: failed; see the error reported for this resource",
		);
	}
});

test("the host prints no reference to an expected error, and everything else as before", () => {
	const printed: unknown[][] = [];
	const target = { error: (...args: unknown[]) => void printed.push(args) };
	silenceReferences(target);
	const expected = new ResourceOperationError("AlreadyExists", "exists already");
	target.error(formatAsHost(prepareErrorForHost(expected, failedResource)));
	target.error("a warning");
	target.error("a", { b: 1 });
	const bug = formatAsHost(prepareErrorForHost(new TypeError("a bug"), failedResource));
	target.error(bug);
	assert.deepEqual(printed, [["a warning"], ["a", { b: 1 }], [bug]]);
});

test("the reasons of a check get a code, unless they have one", () => {
	const failures = [
		{ property: "deviceId", reason: "deviceId has a space." },
		{ property: "", reason: "A gives up B. [HeldElsewhere]" },
	];
	assert.deepEqual(
		addFailureCodes({ inputs: {}, failures }).failures.map(({ reason }) => reason),
		["deviceId has a space. [InvalidInput]", "A gives up B. [HeldElsewhere]"],
	);
});

test("the advice for a fleet's members appears once for each kind, below their messages", () => {
	const refuse = (id: string, advice: string): [string, Error] => [
		id,
		new ResourceOperationError("DriftRefused", `${id} was changed`, undefined, advice),
	];
	const failed = new Map([refuse("a", "Do this."), refuse("b", "Do that."), refuse("c", "Do this.")]);
	const error = new FleetError("3 of 3 devices can't be planned", failed);
	prepareErrorForHost(error, failedResource);
	assert.equal(
		error.message,
		"3 of 3 devices can't be planned:\n    a: a was changed [DriftRefused]\n    b: b was changed [DriftRefused]\n" +
			"    c: c was changed [DriftRefused]\nDo this.\nDo that.\n[FleetError]",
	);
});

test("the error keeps its class and its code, and the code is appended to the message once", () => {
	const error = new ResourceOperationError("AlreadyExists", "m");
	assert.equal(prepareErrorForHost(error, failedResource), error);
	assert.equal(error.code, "AlreadyExists");
	assert.equal(error.message, "m [AlreadyExists]");
	prepareErrorForHost(error, failedResource);
	assert.equal(error.message, "m [AlreadyExists]");
});

test("a message of several lines gets the code on its own line, and an error without a code gets none", () => {
	const listing = new ResourceOperationError("LimitReached", "too many:\n    a\n    b");
	prepareErrorForHost(listing, failedResource);
	assert.equal(listing.message, "too many:\n    a\n    b\n[LimitReached]");
	const plain = new Error("m");
	prepareErrorForHost(plain, failedResource);
	assert.equal(plain.message, "m");
});

test("a bug keeps its stack", () => {
	for (const type of [TypeError, RangeError, ReferenceError, SyntaxError]) {
		const stack = formatAsHost(prepareErrorForHost(new type("a bug"), failedResource));
		assert.match(stack, /a bug[\s\S]*userErrors\.test/);
	}
});

test("a partially created object gets its stored text, without which it could never be updated", () => {
	const error = new PartialError("a", { etag: "e" }, new ResourceOperationError("ChangedElsewhere", "412"));
	prepareErrorForHost(error, failedResource);
	assert.deepEqual(error.properties, { etag: "e", __provider: "the stored text" });
	assert.deepEqual(error.reasons, ["412 [ChangedElsewhere]"]);
});

test("a thrown value that is not an error is returned unchanged", () => {
	assert.equal(prepareErrorForHost("a text", failedResource), "a text");
	assert.equal(prepareErrorForHost(undefined, failedResource), undefined);
});

describe("advice is appended", () => {
	const service = (status: number, serviceCode: string) =>
		new ServiceError("reading a failed", { status, serviceCode, requestId: undefined });
	const lost = new ConnectionLost("GET: the connection broke");
	const getMessage = (error: Error): string => {
		prepareErrorForHost(error, failedResource);
		prepareErrorForHost(error, failedResource);
		return error.message.replace(/\s\[\w+\]$/, "");
	};

	test("to retry, if the problem may go away", () => {
		for (const error of [
			new NotConnected("no connection", true, undefined),
			lost,
			new DeadlineExceeded("read", 1_000),
			service(500, "ServerError"),
			service(408, ""),
			service(429, "ThrottlingException"),
		]) {
			assert.match(getMessage(error), /[^.]\. Run the command again once the problem is resolved\.$/);
		}
	});

	test("to check the address and proxies, if the response is not the service's", () => {
		for (const error of [new UnreadableAnswer("a redirect", 307), service(404, ""), service(400, "")]) {
			assert.match(
				getMessage(error),
				/check the address and any proxy in between, then run the command again\.$/,
			);
		}
	});

	test("only if the message contains none and some is known", () => {
		for (const error of [
			new NotConnected("no trusted TLS connection. Check the host name.", false, undefined),
			service(400, "ArgumentInvalid"),
			service(401, ""),
			service(403, ""),
			new ResourceOperationError("AlreadyExists", "m", lost),
		]) {
			const before = error.message;
			assert.equal(getMessage(error), before);
		}
	});

	test("to the error of a partially created object, and to its reason", () => {
		const error = new PartialError(
			"a",
			{},
			new PartiallyApplied(service(500, "ServerError"), { values: {} } as never),
		);
		assert.equal(getMessage(error), "reading a failed. Run the command again once the problem is resolved.");
		assert.deepEqual(error.reasons, [error.message]);
	});

	test("once for all members of a fleet", () => {
		const failed = new Map<string, Error>([
			["a", new ResourceOperationError("AlreadyExists", "m")],
			["b", service(500, "ServerError")],
			["c", service(500, "ServerError")],
		]);
		const message = getMessage(new FleetError("3 of 3 devices failed", failed));
		assert.match(
			message,
			/^ {4}c: reading a failed \[ServiceError\]\nRun the command again once the problem is resolved\.$/m,
		);
		assert.equal(message.split("Run the command").length, 2);
	});
});

test("an error of a function call gets advice and code, and a stack that begins with the message", () => {
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

test("control characters are removed from a message", () => {
	const error = new PartialError("a", {}, new Error("the tag is \u001b[2J\u202e\n    here"));
	prepareErrorForHost(error, failedResource);
	assert.equal(error.message, "the tag is  [2J \n    here");
	assert.deepEqual(error.reasons, [error.message]);
});

describe("a shared fault", () => {
	const createFault = () =>
		Object.assign(new NotConnected("creating a failed: no connection", true, undefined), {
			scope: "service",
		} as const);
	const repeat = (fault: ReturnType<typeof createFault>, name: string): RepeatedFault =>
		new RepeatedFault(`creating ${name}`, { fault, operationName: "creating a" }, { isUntried: true });
	const show = (error: Error): string => {
		prepareErrorForHost(error, failedResource);
		return error.message;
	};

	test("is shown once, and its repetitions refer to it", () => {
		const fault = createFault();
		assert.equal(
			show(fault),
			"creating a failed: no connection. Run the command again once the problem is resolved. [NotConnected]",
		);
		assert.match(
			show(repeat(fault, "b")),
			/^creating b was not tried: creating a failed for .* \[SharedFault\]$/,
		);
	});

	test("is shown by its first repetition if the caller of the first operation handled the error", () => {
		const fault = createFault();
		assert.equal(
			show(repeat(fault, "b")),
			"creating b was not tried: creating a failed: no connection. Run the command again once the problem is resolved. [SharedFault]",
		);
		assert.match(show(repeat(fault, "c")), /^creating c was not tried: creating a failed for a reason/);
	});

	test("of a fleet counts as shown", () => {
		const fault = createFault();
		const fleetError = new FleetError("1 of 2 devices failed", new Map([["a", fault]]));
		assert.match(
			show(fleetError),
			/no connection \[NotConnected\]\nRun the command again once the problem is resolved\./,
		);
		assert.match(show(repeat(fault, "b")), /for a reason that affects both/);
	});
});
