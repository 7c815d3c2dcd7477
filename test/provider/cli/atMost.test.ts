import assert from "node:assert/strict";
import { test } from "node:test";
import { mapConcurrentlyOrThrow } from "../../../provider/cli/atMost.ts";

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
	await new Promise(setImmediate);
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
