import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	createResponseLost,
	getLostResponseDelay,
	PollingProgress,
	poll,
	type WaitKind,
} from "../../../provider/graph/polling.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ConnectionLost, ServiceError } from "../../../provider/http/errors.ts";
import { TestClock } from "../doubles.ts";
import { createServiceError } from "./fakeTenant.ts";

const MINUTE = 60_000;

function createPollOptions(pauses: readonly number[], timeoutMs = 20 * MINUTE) {
	const clock = new TestClock();
	const deadline = new Deadline("create", timeoutMs, clock);
	return { clock, wait: { clock, deadline, pauses, reason: () => "it is not there yet." } };
}

/** Creates a read that returns undefined this many times, then a string. */
function createReadAfter(looks: number): { look: () => Promise<string | undefined>; looked: () => number } {
	let looked = 0;
	return { look: async () => (looked++ < looks ? undefined : "there"), looked: () => looked };
}

describe("poll", () => {
	test("returns an existing value without a delay", async () => {
		const { clock, wait } = createPollOptions([1_000]);
		assert.equal(await poll(createReadAfter(0).look, wait), "there");
		assert.deepEqual(clock.sleeps, []);
	});

	test("uses the given delays, and repeats the last one", async () => {
		const { clock, wait } = createPollOptions([1_000, 2_000, 5_000]);
		await poll(createReadAfter(5).look, wait);
		assert.deepEqual(clock.sleeps, [1_000, 2_000, 5_000, 5_000, 5_000]);
	});

	test("reports each delay", async () => {
		const { wait } = createPollOptions([1_000]);
		let paused = 0;
		await poll(createReadAfter(3).look, { ...wait, onPause: () => paused++ });
		assert.equal(paused, 3);
	});

	test("returns values that are falsy", async () => {
		const { wait } = createPollOptions([1_000]);
		for (const seen of [false, 0, "", null]) assert.equal(await poll(async () => seen, wait), seen);
	});

	test("ends at the deadline, with what was awaited", async () => {
		const { clock, wait } = createPollOptions([30_000], MINUTE);
		const { look, looked } = createReadAfter(99);
		await assert.rejects(poll(look, wait), {
			name: "DeadlineExceeded",
			message: "gave up after 60 s, the time that `timeouts` allows for create. Last: it is not there yet.",
		});
		assert.equal(looked(), 2);
		assert.deepEqual(clock.sleeps, [30_000]);
	});

	test("throws the error of a read", async () => {
		const { wait } = createPollOptions([1_000]);
		await assert.rejects(
			poll(async () => {
				throw new TypeError("ours");
			}, wait),
			/ours/,
		);
	});
});

function createProgress() {
	const clock = new TestClock();
	const messages: string[] = [];
	const progress = new PollingProgress(clock, (text) => messages.push(text));
	/** Waits this many seconds, with a report every 20 seconds. */
	const wait = (sort: WaitKind, seconds: number): Promise<void> =>
		progress.track(sort, async (tick) => {
			for (let waited = 0; waited < seconds; waited += 20) {
				await clock.sleep(20_000);
				tick();
			}
		});
	return { clock, messages, progress, wait };
}

describe("the report of long waits", () => {
	test("begins after a minute, then has one message a minute", async () => {
		const { messages, wait } = createProgress();
		await wait("import", 40);
		assert.deepEqual(messages, []);
		await wait("import", 190);
		assert.deepEqual(messages, [
			"Autopilot: one import has been in progress for 1 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been in progress for 2 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been in progress for 3 min; the service usually takes one to fifteen minutes",
		]);
	});

	test("is one message for all waits of a kind", async () => {
		const { messages, clock, wait } = createProgress();
		const first = wait("deletion", 80);
		await clock.sleep(30_000);
		await Promise.all([first, wait("deletion", 40), wait("deletion", 40)]);
		assert.deepEqual(messages, [
			"Autopilot: 3 deletions are in progress, the longest for 1 min; the service may take half an hour",
		]);
	});

	test("counts each kind separately", async () => {
		const { messages, wait } = createProgress();
		await Promise.all([wait("import", 60), wait("deletion", 60)]);
		assert.deepEqual(
			messages.map((text) => text.split(" for ")[0]),
			["Autopilot: one import has been in progress", "Autopilot: one deletion has been in progress"],
		);
	});

	test("does not count waits that have succeeded or failed", async () => {
		const { messages, progress, wait } = createProgress();
		assert.equal(await progress.track("import", async () => 7), 7);
		const failing = progress.track("import", async () => {
			throw new TypeError("ours");
		});
		await assert.rejects(failing, /ours/);
		await wait("import", 60);
		assert.match(messages.join(), /^Autopilot: one import has/);
	});
});

test("the delay after a lost response is that of the service, longer if it is busy, or else short", () => {
	const details = { status: 503, serviceCode: "", requestId: undefined, retryAfterMs: 17_000 };
	assert.equal(getLostResponseDelay(new ServiceError("busy", details)), 17_000);
	assert.equal(getLostResponseDelay(createServiceError(503, "ServiceUnavailable")), 10_000);
	assert.equal(getLostResponseDelay(createServiceError(500, "InternalServerError")), 2_000);
	assert.equal(getLostResponseDelay(new ConnectionLost("lost")), 2_000);
});

test("ResponseLost contains the cause and the delay", () => {
	const cause = createServiceError(503, "ServiceUnavailable");
	const lost = createResponseLost(cause, new Deadline("update", 60_000, new TestClock()));
	assert.deepEqual(
		[lost.message, lost.cause, lost.pauseMs, lost.refusal],
		[cause.message, cause, 10_000, undefined],
	);
});
