import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateBytes, MemoryBudget } from "../../../provider/http/memoryBudget.ts";

test("a list that is longer than memory allows ends with what to do about it", () => {
	const load = new MemoryBudget("listing machines", 2 ** 20);
	const page = ["x".repeat(200_000)];
	load.addPage(page);
	load.addPage(page);
	assert.throws(() => load.addPage(page), {
		code: "UnreadableAnswer",
		message:
			"listing machines failed: the list does not end, or is too long for this process's memory (more than 1 MB). " +
			"Ask for less, or give Node more memory: NODE_OPTIONS=--max-old-space-size=8192.",
	});
});

test("all devices that a hub may have go into the memory of a small process by id and etag", () => {
	const row = { deviceId: "gateway-of-building-0000001", deviceEtag: "NjM3OTAwMDAw" };
	assert.ok(estimateBytes(row) * 1_000_000 < 2 ** 30 / 2);
});

test("what is small in a text and large in memory counts as what it is", () => {
	assert.ok(estimateBytes(Array.from({ length: 100 }, () => ({}))) > 5_000);
	assert.ok(estimateBytes(Array.from({ length: 100 }, () => [])) > 5_000);
	assert.ok(estimateBytes({ a: { b: ["c"] } }) > estimateBytes({ a: { b: [] } }));
	assert.ok(estimateBytes("x".repeat(100)) >= 200);
});
