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

function waiting(pauses: readonly number[], allowed = 20 * MINUTE) {
	const clock = new TestClock();
	const deadline = new Deadline("create", allowed, clock);
	return { clock, wait: { clock, deadline, pauses, reason: () => "it is not there yet." } };
}

/** Answers undefined so often, then the text. */
function after(looks: number): { look: () => Promise<string | undefined>; looked: () => number } {
	let looked = 0;
	return { look: async () => (looked++ < looks ? undefined : "there"), looked: () => looked };
}

describe("looking for something", () => {
	test("that is there needs no pause", async () => {
		const { clock, wait } = waiting([1_000]);
		assert.equal(await poll(after(0).look, wait), "there");
		assert.deepEqual(clock.sleeps, []);
	});

	test("pauses as it was told, and at last always as long", async () => {
		const { clock, wait } = waiting([1_000, 2_000, 5_000]);
		await poll(after(5).look, wait);
		assert.deepEqual(clock.sleeps, [1_000, 2_000, 5_000, 5_000, 5_000]);
	});

	test("tells of each pause", async () => {
		const { wait } = waiting([1_000]);
		let paused = 0;
		await poll(after(3).look, { ...wait, onPause: () => paused++ });
		assert.equal(paused, 3);
	});

	test("finds what is as good as nothing", async () => {
		const { wait } = waiting([1_000]);
		for (const seen of [false, 0, "", null]) assert.equal(await poll(async () => seen, wait), seen);
	});

	test("ends when the time is over, and says what there was to wait for", async () => {
		const { clock, wait } = waiting([30_000], MINUTE);
		const { look, looked } = after(99);
		await assert.rejects(poll(look, wait), {
			name: "DeadlineExceeded",
			message: "gave up after 60 s, the time that `timeouts` allows for create. Last: it is not there yet.",
		});
		assert.equal(looked(), 2);
		assert.deepEqual(clock.sleeps, [30_000]);
	});

	test("ends with the error of a look", async () => {
		const { wait } = waiting([1_000]);
		await assert.rejects(
			poll(async () => {
				throw new TypeError("ours");
			}, wait),
			/ours/,
		);
	});
});

function telling() {
	const clock = new TestClock();
	const said: string[] = [];
	const progress = new PollingProgress(clock, (text) => said.push(text));
	/** Waits for so many seconds, looking every 20. */
	const wait = (sort: WaitKind, seconds: number): Promise<void> =>
		progress.track(sort, async (tick) => {
			for (let waited = 0; waited < seconds; waited += 20) {
				await clock.sleep(20_000);
				tick();
			}
		});
	return { clock, said, progress, wait };
}

describe("what is said of long operations", () => {
	test("is nothing for a minute, then one line a minute", async () => {
		const { said, wait } = telling();
		await wait("import", 40);
		assert.deepEqual(said, []);
		await wait("import", 190);
		assert.deepEqual(said, [
			"Autopilot: one import has been under way for 1 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been under way for 2 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been under way for 3 min; the service usually takes one to fifteen minutes",
		]);
	});

	test("is one line for all of a sort", async () => {
		const { said, clock, wait } = telling();
		const first = wait("deletion", 80);
		await clock.sleep(30_000);
		await Promise.all([first, wait("deletion", 40), wait("deletion", 40)]);
		assert.deepEqual(said, [
			"Autopilot: 3 deletions are under way, the longest for 1 min; the service may take half an hour",
		]);
	});

	test("counts each sort by itself", async () => {
		const { said, wait } = telling();
		await Promise.all([wait("import", 60), wait("deletion", 60)]);
		assert.deepEqual(
			said.map((text) => text.split(" for ")[0]),
			["Autopilot: one import has been under way", "Autopilot: one deletion has been under way"],
		);
	});

	test("counts nothing that has ended, well or badly", async () => {
		const { said, progress, wait } = telling();
		assert.equal(await progress.track("import", async () => 7), 7);
		const failing = progress.track("import", async () => {
			throw new TypeError("ours");
		});
		await assert.rejects(failing, /ours/);
		await wait("import", 60);
		assert.match(said.join(), /^Autopilot: one import has/);
	});
});

test("a service is left alone for as long as it wants, longer where it is busy, else for a moment", () => {
	const details = { status: 503, serviceCode: "", requestId: undefined, retryAfterMs: 17_000 };
	assert.equal(getLostResponseDelay(new ServiceError("busy", details)), 17_000);
	assert.equal(getLostResponseDelay(createServiceError(503, "ServiceUnavailable")), 10_000);
	assert.equal(getLostResponseDelay(createServiceError(500, "InternalServerError")), 2_000);
	assert.equal(getLostResponseDelay(new ConnectionLost("lost")), 2_000);
});

test("a lost answer says what was lost, and how long to wait", () => {
	const cause = createServiceError(503, "ServiceUnavailable");
	const lost = createResponseLost(cause);
	assert.deepEqual([lost.message, lost.cause, lost.pauseMs], [cause.message, cause, 10_000]);
});
