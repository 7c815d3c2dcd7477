import assert from "node:assert/strict";
import { test } from "node:test";
import {
	ConnectionLost,
	DeadlineExceeded,
	isOutcomeUnknown,
	isRequestFailure,
	isServerErrorStatus,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";

const createServiceError = (status: number): ServiceError =>
	new ServiceError("", { status, serviceCode: "", requestId: undefined });

test("an outcome is unknown after a lost connection, an unreadable response and a server error, and only then", () => {
	const ambiguous = [
		new ConnectionLost("gone"),
		new UnreadableAnswer("a page", 200),
		...[408, 500, 502, 503, 504].map(createServiceError),
	];
	const settled = [
		new NotConnected("no route", true, undefined),
		new DeadlineExceeded("create", 1_000),
		...[400, 401, 403, 404, 409, 412, 429].map(createServiceError),
		new Error("a bug"),
		"a string",
	];
	assert.deepEqual(
		ambiguous.map(isOutcomeUnknown),
		ambiguous.map(() => true),
	);
	assert.deepEqual(
		settled.map(isOutcomeUnknown),
		settled.map(() => false),
	);
});

test("a server error is any 5xx, and 408", () => {
	assert.deepEqual(
		[400, 407, 408, 409, 429, 499, 500, 503, 599].filter(isServerErrorStatus),
		[408, 500, 503, 599],
	);
});

test("error responses and bugs are not request failures", () => {
	assert.equal(isRequestFailure(new ConnectionLost("gone")), true);
	assert.equal(isRequestFailure(new DeadlineExceeded("read", 1_000)), true);
	assert.equal(isRequestFailure(createServiceError(500)), false);
	assert.equal(isRequestFailure(new TypeError("a bug")), false);
});
