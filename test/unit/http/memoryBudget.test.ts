import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateBytes, MemoryBudget } from "../../../provider/http/memoryBudget.ts";

test("a list that exceeds the memory fails with a remedy", () => {
	const load = new MemoryBudget("listing machines", 2 ** 20);
	const page = ["x".repeat(200_000)];
	load.addPage(page);
	load.addPage(page);
	assert.throws(() => load.addPage(page), {
		code: "UnreadableAnswer",
		message:
			"listing machines failed: the list does not end, or does not fit into this process's memory (more than 1 MB). " +
			"Request fewer objects, or give Node.js more memory: NODE_OPTIONS=--max-old-space-size=8192.",
	});
});

test("the ids and etags of a full hub fit into a small process", () => {
	const row = { deviceId: "gateway-of-building-0000001", deviceEtag: "NjM3OTAwMDAw" };
	assert.ok(estimateBytes(row) * 1_000_000 < 2 ** 30 / 2);
});

test("a value with little JSON and much memory counts by its memory", () => {
	assert.ok(estimateBytes(Array.from({ length: 100 }, () => ({}))) > 5_000);
	assert.ok(estimateBytes(Array.from({ length: 100 }, () => [])) > 5_000);
	assert.ok(estimateBytes({ a: { b: ["c"] } }) > estimateBytes({ a: { b: [] } }));
	assert.ok(estimateBytes("x".repeat(100)) >= 200);
});
