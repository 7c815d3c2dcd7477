import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_TIMER_MS, systemClock } from "../../../provider/http/clock.ts";

test("the machine's clock for waits is not the time of day", () => {
	const before = systemClock.now();
	assert.ok(systemClock.now() >= before);
	assert.ok(Math.abs(systemClock.getWallTime() - Date.now()) < 60_000);
	assert.ok(Math.abs(systemClock.now() - Date.now()) > 86_400_000);
});

test("a sleep beyond the maximum of a timer does not end at once", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	let isOver = false;
	const sleep = systemClock.sleep(MAX_TIMER_MS + 1_000).then(() => {
		isOver = true;
	});
	const pass = async (milliseconds: number): Promise<void> => {
		t.mock.timers.tick(milliseconds);
		for (let round = 0; round < 5; round++) await Promise.resolve();
	};
	await pass(MAX_TIMER_MS);
	await pass(999);
	assert.equal(isOver, false);
	await pass(1);
	await sleep;
});

test("a sleep of no time or of none that can be counted ends", async () => {
	await systemClock.sleep(0);
	await systemClock.sleep(-5);
	await systemClock.sleep(Number.NaN);
});
