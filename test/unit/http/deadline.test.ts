import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadline, withTimeout } from "../../../provider/http/deadline.ts";
import { DeadlineExceeded } from "../../../provider/http/errors.ts";
import { TestClock } from "../doubles.ts";

test("a deadline counts down to zero and below", () => {
	const clock = new TestClock();
	const deadline = new Deadline("create", 90_000, clock);
	assert.equal(deadline.getRemainingMs(), 90_000);
	clock.pass(100_000);
	assert.equal(deadline.getRemainingMs(), -10_000);
});

test("requiring time passes while more is left", () => {
	const deadline = new Deadline("create", 90_000, new TestClock());
	assert.doesNotThrow(() => deadline.requireRemainingMs(89_999));
	assert.throws(() => deadline.requireRemainingMs(90_000), DeadlineExceeded);
});

test("requiring time throws once the deadline has passed", () => {
	const clock = new TestClock();
	const deadline = new Deadline("create", 1_000, clock);
	clock.pass(1_000);
	assert.throws(() => deadline.requireRemainingMs(0), DeadlineExceeded);
});

test("the error names the operation, its timeout, the setting that allows it, and the last failure", () => {
	const deadline = new Deadline("delete", 90_000, new TestClock());
	assert.throws(() => deadline.requireRemainingMs(100_000, "the service responded with 429"), {
		code: "DeadlineExceeded",
		message:
			"gave up after 90 s, the time that `timeouts` allows for delete. Last: the service responded with 429",
	});
	assert.throws(() => deadline.requireRemainingMs(100_000), {
		message: "gave up after 90 s, the time that `timeouts` allows for delete.",
	});
});

const createTooLateError = () => new Error("too late");
const runForever = () => new Promise<never>(() => {});

test("work that ends in time is the result, even if the timeout exceeds a timer's maximum", async () => {
	assert.equal(await withTimeout(60_000, async () => "done", createTooLateError), "done");
	assert.equal(await withTimeout(2 ** 40, async () => "done", createTooLateError), "done");
});

test("work that fails in time rejects with its error", async () => {
	await assert.rejects(
		withTimeout(60_000, () => Promise.reject(new Error("no")), createTooLateError),
		/^Error: no$/,
	);
});

test("work that does not end is abandoned, and its signal is aborted", async () => {
	let receivedSignal: AbortSignal | undefined;
	const work = (signal: AbortSignal) => {
		receivedSignal = signal;
		return runForever();
	};
	await assert.rejects(withTimeout(1, work, createTooLateError), /^Error: too late$/);
	assert.equal(receivedSignal?.aborted, true);
});
