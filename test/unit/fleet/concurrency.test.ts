import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import {
	mapConcurrently,
	mapConcurrentlyOrThrow,
	SharedFaultStop,
} from "../../../provider/fleet/concurrency.ts";

describe("mapConcurrentlyOrThrow", () => {
	test("runs the given number of tasks at a time and returns the results in the order of the items", async () => {
		const finishers: (() => void)[] = [];
		let running = 0;
		let maxRunning = 0;
		const results = mapConcurrentlyOrThrow(["a", "b", "c"], 2, async (item) => {
			maxRunning = Math.max(maxRunning, ++running);
			await new Promise<void>((resolve) => finishers.push(resolve));
			running--;
			return item.toUpperCase();
		});
		assert.equal(finishers.length, 2);
		finishers[1]?.();
		await setImmediate();
		assert.equal(finishers.length, 3, "the next task starts as soon as one has ended");
		finishers[2]?.();
		finishers[0]?.();
		assert.deepEqual(await results, ["A", "B", "C"]);
		assert.equal(maxRunning, 2);
	});

	test("rejects with the error of a task", async () => {
		await assert.rejects(
			mapConcurrentlyOrThrow([1], 2, async () => Promise.reject(new Error("no"))),
			{ message: "no" },
		);
		assert.deepEqual(await mapConcurrentlyOrThrow([], 2, async () => 1), []);
	});
});

describe("mapConcurrently", () => {
	test("runs the given number of tasks at a time, each once, and does not wait for the slowest one", async () => {
		let [running, maxRunning] = [0, 0];
		const keys = Array.from({ length: 50 }, (_, index) => String(index));
		const { done, failed } = await mapConcurrently(keys, 4, async (key) => {
			maxRunning = Math.max(maxRunning, ++running);
			for (let turn = 0; turn < Number(key) % 3; turn++) await setImmediate();
			running--;
			return `done ${key}`;
		});
		assert.equal(maxRunning, 4);
		assert.equal(done.get("49"), "done 49");
		assert.equal(done.size, 50);
		assert.equal(failed.size, 0);
	});

	test("runs the other tasks when one fails", async () => {
		const { done, failed } = await mapConcurrently(["a", "b", "c"], 1, async (key) => {
			if (key === "b") throw new Error("no b");
			return key;
		});
		assert.deepEqual([...done.keys()], ["a", "c"]);
		assert.equal(failed.get("b")?.message, "no b");
	});
});

describe("a shared fault", () => {
	const KEYS = ["a", "b", "c", "d", "e"];
	const createFault = (scope: "service" | "creations"): Error =>
		Object.assign(new Error("refused"), { scope });

	test("stops further tasks, and running tasks finish", async () => {
		let finish = (): void => {};
		const outcome = mapConcurrently(KEYS, 2, async (key) => {
			if (key === "b") throw new Error("no replacement", { cause: createFault("service") });
			await new Promise<void>((resolve) => (finish = resolve));
			return key;
		});
		await setImmediate();
		finish();
		const { done, failed, untried } = await outcome;
		assert.deepEqual([[...done.keys()], [...failed.keys()], [...untried]], [["a"], ["b"], ["c", "d", "e"]]);
	});

	test("of creations stops only those", async () => {
		const isCreation = (key: string): boolean => key !== "c";
		const task = async (key: string): Promise<string> => {
			if (key === "b") throw createFault("creations");
			return key;
		};
		const { done, untried } = await mapConcurrently(KEYS, 1, task, { isCreation });
		assert.deepEqual(
			[[...done.keys()], [...untried]],
			[
				["a", "c"],
				["d", "e"],
			],
		);
	});

	test("also stops the tasks of a later call that shares the SharedFaultStop", async () => {
		const stop = new SharedFaultStop();
		await mapConcurrently(["a"], 1, async () => Promise.reject(createFault("creations")), { stop });
		assert.ok(stop.concerns({ isCreation: true }) && !stop.concerns({ isCreation: false }));
		stop.note(createFault("service"));
		const { untried } = await mapConcurrently(KEYS, 1, async (key) => key, { stop });
		assert.deepEqual([...untried], KEYS);
	});
});
