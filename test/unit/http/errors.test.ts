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

const answered = (status: number): ServiceError =>
	new ServiceError("", { status, serviceCode: "", requestId: undefined });

test("an outcome is unknown after a broken connection, an unreadable answer and a server's fault, and only then", () => {
	const ambiguous = [
		new ConnectionLost("gone"),
		new UnreadableAnswer("a page", 200),
		...[408, 500, 502, 503, 504].map(answered),
	];
	const settled = [
		new NotConnected("no route", true, undefined),
		new DeadlineExceeded("create", 1_000),
		...[400, 401, 403, 404, 409, 412, 429].map(answered),
		new Error("of ours"),
		"a text",
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

test("a server's fault is any 5xx, and 408", () => {
	assert.deepEqual(
		[400, 407, 408, 409, 429, 499, 500, 503, 599].filter(isServerErrorStatus),
		[408, 500, 503, 599],
	);
});

test("errors of a service and errors of ours do not belong to one request", () => {
	assert.equal(isRequestFailure(new ConnectionLost("gone")), true);
	assert.equal(isRequestFailure(new DeadlineExceeded("read", 1_000)), true);
	assert.equal(isRequestFailure(answered(500)), false);
	assert.equal(isRequestFailure(new TypeError("ours")), false);
});
