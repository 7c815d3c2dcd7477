import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { mapConcurrently } from "../../../provider/fleet/pool.ts";

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
