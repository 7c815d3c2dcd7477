import assert from "node:assert/strict";
import { test } from "node:test";
import { paceOf } from "../../../provider/iothub/pace.ts";
import type { SKUS } from "../../../provider/iothub/settings.ts";

const perMinute = (sku: (typeof SKUS)[number], units: number) => {
	const { rates } = paceOf(sku, units);
	return Object.fromEntries(Object.entries(rates).map(([meter, rate]) => [meter, Math.round(rate * 60)]));
};

test("small and middle editions allow 100 registry operations and 20 queries a minute and unit", () => {
	for (const sku of ["F1", "B1", "S1", "B2", "S2"] as const) {
		const { registry, query } = perMinute(sku, 3);
		assert.deepEqual([registry, query], [300, 60]);
	}
});

test("large editions allow 5,000 registry operations and 1,000 queries a minute and unit", () => {
	for (const sku of ["B3", "S3"] as const) {
		assert.deepEqual(perMinute(sku, 2), { registry: 10_000, query: 2_000, twin: 60_000 });
	}
});

test("twins are read at 100 a second at least, and in middle editions at 10 a second and unit", () => {
	assert.equal(paceOf("S1", 200).rates["twin"], 100);
	assert.equal(paceOf("S2", 1).rates["twin"], 100);
	assert.equal(paceOf("S2", 20).rates["twin"], 200);
	assert.equal(paceOf("S3", 1).rates["twin"], 500);
});

test("without an edition nothing is limited beforehand", () => {
	assert.deepEqual(paceOf(undefined, 5).rates, {});
});

test("eight requests are under way at a time, and more only where a large hub would be idle between answers", () => {
	for (const sku of [undefined, "S1", "B2"] as const) assert.equal(paceOf(sku, 4).inFlight, 8);
	assert.equal(paceOf("S3", 1).inFlight, 9);
	assert.equal(paceOf("S3", 5).inFlight, 42);
	assert.equal(paceOf("S3", 10).inFlight, 64);
});
