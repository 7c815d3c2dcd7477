import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { mapConcurrently, mapConcurrentlyOrThrow } from "../../../provider/fleet/concurrency.ts";

test("so many are under way at a time and no more, and the results keep the items' order", async () => {
	const ends: (() => void)[] = [];
	let under = 0;
	let most = 0;
	const all = mapConcurrentlyOrThrow(2, ["a", "b", "c"], async (item) => {
		most = Math.max(most, ++under);
		await new Promise<void>((resolve) => ends.push(resolve));
		under--;
		return item.toUpperCase();
	});
	assert.equal(ends.length, 2);
	ends[1]?.();
	await setImmediate();
	assert.equal(ends.length, 3, "the next one begins as soon as one has ended");
	ends[2]?.();
	ends[0]?.();
	assert.deepEqual(await all, ["A", "B", "C"]);
	assert.equal(most, 2);
});

test("an error ends it", async () => {
	await assert.rejects(
		mapConcurrentlyOrThrow(2, [1], async () => Promise.reject(new Error("no"))),
		{ message: "no" },
	);
	assert.deepEqual(await mapConcurrentlyOrThrow(2, [], async () => 1), []);
});

test("so many are worked on at a time, each once, and none waits for a slower one's sake", async () => {
	let [now, most] = [0, 0];
	const ids = Array.from({ length: 50 }, (_, at) => String(at));
	const { done, failed } = await mapConcurrently(ids, 4, async (id) => {
		most = Math.max(most, ++now);
		for (let turn = 0; turn < Number(id) % 3; turn++) await setImmediate();
		now--;
		return `done ${id}`;
	});
	assert.equal(most, 4);
	assert.equal(done.get("49"), "done 49");
	assert.equal(done.size, 50);
	assert.equal(failed.size, 0);
});

test("one that fails keeps none of the others from being tried", async () => {
	const { done, failed } = await mapConcurrently(["a", "b", "c"], 1, async (id) => {
		if (id === "b") throw new Error("no b");
		return id;
	});
	assert.deepEqual([...done.keys()], ["a", "c"]);
	assert.equal(failed.get("b")?.message, "no b");
});
