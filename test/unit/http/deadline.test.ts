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

test("a demand passes while more is left than it asks for", () => {
	const deadline = new Deadline("create", 90_000, new TestClock());
	assert.doesNotThrow(() => deadline.requireRemainingMs(89_999));
	assert.throws(() => deadline.requireRemainingMs(90_000), DeadlineExceeded);
});

test("nothing may begin once the time is over", () => {
	const clock = new TestClock();
	const deadline = new Deadline("create", 1_000, clock);
	clock.pass(1_000);
	assert.throws(() => deadline.requireRemainingMs(0), DeadlineExceeded);
});

test("the error names the operation, the time it had, the setting that allows it, and the last trouble", () => {
	const deadline = new Deadline("delete", 90_000, new TestClock());
	assert.throws(() => deadline.requireRemainingMs(100_000, "the service answered 429"), {
		code: "DeadlineExceeded",
		message: "gave up after 90 s, the time that `timeouts` allows for delete. Last: the service answered 429",
	});
	assert.throws(() => deadline.requireRemainingMs(100_000), {
		message: "gave up after 90 s, the time that `timeouts` allows for delete.",
	});
});

const late = () => new Error("too late");
const never = () => new Promise<never>(() => {});

test("what is done in time is the result, also where there is more time than a timer holds", async () => {
	assert.equal(await withTimeout(60_000, async () => "done", late), "done");
	assert.equal(await withTimeout(2 ** 40, async () => "done", late), "done");
});

test("what fails in time fails as it does", async () => {
	await assert.rejects(
		withTimeout(60_000, () => Promise.reject(new Error("no")), late),
		/^Error: no$/,
	);
});

test("what does not end is left alone, and told so", async () => {
	let told: AbortSignal | undefined;
	const work = (signal: AbortSignal) => {
		told = signal;
		return never();
	};
	await assert.rejects(withTimeout(1, work, late), /^Error: too late$/);
	assert.equal(told?.aborted, true);
});
