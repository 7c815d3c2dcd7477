import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { poll } from "../../../provider/graph/poll.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { TestClock } from "../virtualClock.ts";

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
