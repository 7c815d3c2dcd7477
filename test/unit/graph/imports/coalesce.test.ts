import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RequestCoalescer } from "../../../../provider/graph/imports/coalesce.ts";
import { START_TIME, TestClock } from "../../doubles.ts";

/** A gathering that answers each number with its double, and the groups that it served with the time of each. */
function doubling() {
	const clock = new TestClock();
	const served: { readonly asks: readonly number[]; readonly at: number }[] = [];
	const gathering = new RequestCoalescer<number, number>(clock, async (asks) => {
		served.push({ asks: [...asks], at: clock.now() - START_TIME });
		return (ask) => 2 * ask;
	});
	const askAt = async (ask: number, at: number) => {
		await clock.sleep(at);
		return gathering.submit(ask);
	};
	return { gathering, served, askAt };
}

describe("what is asked for at the same time", () => {
	test("is served together, and each has an answer of its own", async () => {
		const { gathering, served } = doubling();
		assert.deepEqual(await Promise.all([1, 2, 3].map((ask) => gathering.submit(ask))), [2, 4, 6]);
		assert.deepEqual(
			served.map(({ asks }) => asks),
			[[1, 2, 3]],
		);
	});

	test("waits a moment where it is alone", async () => {
		const { gathering, served } = doubling();
		await gathering.submit(1);
		assert.deepEqual(served, [{ asks: [1], at: 40 }]);
	});

	test("waits on while others join, and not for those who come later", async () => {
		const { served, askAt } = doubling();
		await Promise.all([askAt(1, 0), askAt(2, 30), askAt(3, 70), askAt(4, 300)]);
		assert.deepEqual(served, [
			{ asks: [1, 2, 3], at: 120 },
			{ asks: [4], at: 340 },
		]);
	});

	test("is served after two seconds at the latest", async () => {
		const { served, askAt } = doubling();
		await Promise.all(Array.from({ length: 150 }, (_, at) => askAt(at, at * 20)));
		assert.equal(served[0]?.at, 2_000);
		assert.equal(served.length, 2);
	});

	test("fails together where serving fails, and alone where an answer does", async () => {
		const clock = new TestClock();
		const failing = new RequestCoalescer<number, number>(clock, async (asks) => {
			if (asks.includes(0)) throw new TypeError("all");
			return (ask) => (ask === 1 ? Promise.reject(new TypeError("one")) : ask);
		});
		const settled = async (...asks: number[]) => {
			const results = await Promise.allSettled(asks.map((ask) => failing.submit(ask)));
			return results.map((result) => (result.status === "rejected" ? String(result.reason) : result.value));
		};
		assert.deepEqual(await settled(0, 2), ["TypeError: all", "TypeError: all"]);
		assert.deepEqual(await settled(1, 2), ["TypeError: one", 2]);
	});
});
