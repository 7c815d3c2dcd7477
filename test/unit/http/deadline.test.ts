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

test("a wait as long as the whole operation is reported as what it is, with the setting that allows more", () => {
	const clock = new TestClock();
	const deadline = new Deadline("delete", 1_200_000, clock, { setting: "iothub:timeouts" });
	clock.pass(1_190_000);
	const request = { status: 503, isUnwritten: false };
	assert.equal(deadline.createLongWaitError(1_199_999, request), undefined, "less than the whole operation");
	const error = deadline.createLongWaitError(86_400_000, request);
	assert.equal(
		error?.message,
		"the service asks to wait 24 h before the next request (503 with Retry-After), but `iothub:timeouts` allows only 20 min for delete. " +
			"Run the command again in 24 h, or raise `iothub:timeouts` above that to let the run wait.",
	);
	assert.deepEqual([error?.code, error?.scope, error?.waitMs], ["LongWaitRequired", "service", 86_400_000]);
});

test("a wait that only a shortened deadline forbids is no fault of others", () => {
	const deadline = new Deadline("read", 180_000, new TestClock(), { isShortened: true });
	assert.equal(deadline.createLongWaitError(200_000, { status: 429, isUnwritten: false })?.scope, undefined);
});

test("a step of the time of day does not move a deadline", () => {
	const clock = new TestClock();
	const deadline = new Deadline("create", 90_000, clock);
	clock.stepWallTime(-86_400_000);
	clock.pass(10_000);
	assert.equal(deadline.getRemainingMs(), 80_000);
	clock.stepWallTime(2 * 86_400_000);
	assert.equal(deadline.getRemainingMs(), 80_000);
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
