import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BulkReader, estimateBulkRead } from "../../../provider/resource/bulkReader.ts";
import { TestClock } from "../doubles.ts";

const ids = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `d${at + from}`);

/** Creates a paged list of so many rows, and counts the pages that were read. */
function listOf(count: number, fails = Number.POSITIVE_INFINITY, size = 10) {
	const clock = new TestClock();
	const list = { read: 0, opened: 0 };
	async function* pages() {
		list.opened++;
		for (let from = 0; from < count; from += size) {
			list.read++;
			if (list.read >= fails) throw new Error("429");
			yield new Map(ids(Math.min(size, count - from), from).map((id) => [id, `row of ${id}`]));
		}
	}
	const sweep = new BulkReader(() => pages(), clock.now);
	const ask = async (asked: readonly string[]): Promise<number> => {
		let known = 0;
		for (const id of asked) if ((await sweep.getRow(id)) === `row of ${id}`) known++;
		return known;
	};
	return { list, sweep, ask, clock };
}

describe("a list is read", () => {
	test("not at all for a few objects", async () => {
		const { list, ask } = listOf(10);
		assert.equal(await ask(ids(10)), 0);
		assert.equal(await ask(ids(9)), 0);
		assert.equal(list.read, 0);
	});

	test("completely if it is short, and has every object from then on", async () => {
		const { list, ask } = listOf(10);
		await ask(ids(19, 100));
		assert.equal(await ask(ids(10)), 10);
		assert.equal(list.read, 1);
	});

	test("by one page for each twenty objects that it did not have", async () => {
		const { list, ask } = listOf(100_000);
		await ask(ids(200, 200_000));
		assert.equal(list.read, 10);
	});

	test("to its end while only a fraction of the objects is read singly", async () => {
		const { list, ask } = listOf(100);
		const missed = 1_000 - (await ask(Array.from({ length: 10 }, () => ids(100)).flat()));
		assert.equal(list.read, 10);
		assert.ok(missed <= 200, `${missed} were asked for one by one`);
	});

	test("once for all concurrent callers", async () => {
		const { list, ask, sweep } = listOf(10);
		await ask(ids(19, 100));
		assert.deepEqual(
			await Promise.all(ids(10).map((id) => sweep.getRow(id))),
			ids(10).map((id) => `row of ${id}`),
		);
		assert.equal(list.read, 1);
	});

	test("again once it is old", async () => {
		const { list, ask, clock } = listOf(10);
		await ask(ids(20, 100));
		clock.pass(5 * 60_000);
		assert.equal(await ask(ids(10)), 0);
		await ask(ids(10));
		assert.equal(list.opened, 2);
	});
});

test("an object that is not on the complete list has no row, and reads no further page", async () => {
	const { list, ask } = listOf(10);
	assert.equal(await ask(ids(1_000, 100)), 0);
	assert.equal(list.read, 1);
});

test("a list that fails is abandoned silently", async () => {
	const { list, ask } = listOf(100, 3);
	await ask(ids(1_000, 500));
	assert.equal(list.read, 3);
	assert.equal(await ask(ids(20)), 20);
});

test("the cost of a bulk read is estimated", async () => {
	for (const count of [5, 19, 20, 200, 1_000, 2_050]) {
		const { list, ask } = listOf(count, Number.POSITIVE_INFINITY, 200);
		const single = count - (await ask(ids(count)));
		assert.deepEqual(estimateBulkRead(count, { pageSize: 200, pages: 1_000 }), {
			pages: list.read,
			singleReads: single,
		});
	}
	assert.deepEqual(estimateBulkRead(1_000, { pageSize: 200, pages: 4 }), {
		pages: 4,
		singleReads: 4 * 19 + 200,
	});
});

test("a shared fault of the list fails the read that met it, and no single read is tried in its place", async () => {
	const fault = Object.assign(new Error("no connection"), { scope: "service" });
	let opened = 0;
	const list = new BulkReader<string>(
		() => {
			opened++;
			return { next: async () => Promise.reject(fault) };
		},
		() => 0,
	);
	const outcomes = await Promise.all(
		Array.from({ length: 21 }, (_, index) => list.getRow(`d-${index}`).catch((error: unknown) => error)),
	);
	assert.deepEqual(outcomes, [...Array(19).fill(undefined), fault, undefined]);
	await assert.rejects(list.getRow("d-0"), fault);
	assert.equal(opened, 2, "a later read tries the list again");
});
