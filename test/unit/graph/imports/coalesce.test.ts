import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RequestCoalescer } from "../../../../provider/graph/imports/coalesce.ts";
import { TestClock } from "../../doubles.ts";

/** Creates a coalescer that returns the double of each number, and records the batches with the time of each. */
function createDoublingCoalescer() {
	const clock = new TestClock();
	const batches: { readonly items: readonly number[]; readonly at: number }[] = [];
	const coalescer = new RequestCoalescer<number, number>(clock, async (items) => {
		batches.push({ items: [...items], at: clock.now() });
		return (item) => 2 * item;
	});
	const submitAt = async (item: number, at: number) => {
		await clock.sleep(at);
		return coalescer.submit(item);
	};
	return { coalescer, batches, submitAt };
}

describe("items that are submitted at the same time", () => {
	test("are served together, and each gets its own result", async () => {
		const { coalescer, batches } = createDoublingCoalescer();
		assert.deepEqual(await Promise.all([1, 2, 3].map((item) => coalescer.submit(item))), [2, 4, 6]);
		assert.deepEqual(
			batches.map(({ items }) => items),
			[[1, 2, 3]],
		);
	});

	test("wait a moment even if there is only one", async () => {
		const { coalescer, batches } = createDoublingCoalescer();
		await coalescer.submit(1);
		assert.deepEqual(batches, [{ items: [1], at: 40 }]);
	});

	test("wait while others join, but not for later ones", async () => {
		const { batches, submitAt } = createDoublingCoalescer();
		await Promise.all([submitAt(1, 0), submitAt(2, 30), submitAt(3, 70), submitAt(4, 300)]);
		assert.deepEqual(batches, [
			{ items: [1, 2, 3], at: 120 },
			{ items: [4], at: 340 },
		]);
	});

	test("are served after two seconds at the latest", async () => {
		const { batches, submitAt } = createDoublingCoalescer();
		await Promise.all(Array.from({ length: 150 }, (_, at) => submitAt(at, at * 20)));
		assert.equal(batches[0]?.at, 2_000);
		assert.equal(batches.length, 2);
	});

	test("fail together if serving fails, and alone if a result does", async () => {
		const clock = new TestClock();
		const failing = new RequestCoalescer<number, number>(clock, async (items) => {
			if (items.includes(0)) throw new TypeError("all");
			return (item) => (item === 1 ? Promise.reject(new TypeError("one")) : item);
		});
		const submitAll = async (...items: number[]) => {
			const results = await Promise.allSettled(items.map((item) => failing.submit(item)));
			return results.map((result) => (result.status === "rejected" ? String(result.reason) : result.value));
		};
		assert.deepEqual(await submitAll(0, 2), ["TypeError: all", "TypeError: all"]);
		assert.deepEqual(await submitAll(1, 2), ["TypeError: one", 2]);
	});
});
