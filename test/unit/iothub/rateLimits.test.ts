import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDeviceQuota, getRateLimits } from "../../../provider/iothub/rateLimits.ts";
import { SKUS } from "../../../provider/iothub/settings.ts";

const perMinute = (sku: (typeof SKUS)[number], units: number) => {
	const { requestsPerSecond } = getRateLimits(sku, units);
	return Object.fromEntries(
		Object.entries(requestsPerSecond).map(([meter, rate]) => [meter, Math.round(rate * 60)]),
	);
};

test("small and medium editions allow 100 registry operations and 20 queries a minute and unit", () => {
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

test("all editions allow 100 twin reads a second, and medium editions 10 a second and unit if that is more", () => {
	assert.equal(getRateLimits("S1", 200).requestsPerSecond["twin"], 100);
	assert.equal(getRateLimits("S2", 1).requestsPerSecond["twin"], 100);
	assert.equal(getRateLimits("S2", 20).requestsPerSecond["twin"], 200);
	assert.equal(getRateLimits("S3", 1).requestsPerSecond["twin"], 500);
});

test("there is no rate limit without an edition", () => {
	assert.deepEqual(getRateLimits(undefined, 5).requestsPerSecond, {});
});

test("eight requests are in flight at a time, and more only if a large hub would be idle between responses", () => {
	for (const sku of [undefined, "S1", "B2"] as const) assert.equal(getRateLimits(sku, 4).maxInFlight, 8);
	assert.equal(getRateLimits("S3", 1).maxInFlight, 9);
	assert.equal(getRateLimits("S3", 5).maxInFlight, 42);
	assert.equal(getRateLimits("S3", 10).maxInFlight, 64);
});

test("a free hub can hold 500 devices", () => {
	assert.equal(checkDeviceQuota(500, "F1"), undefined);
	assert.match(
		checkDeviceQuota(501, "F1") ?? "",
		/^501 devices are more than the 500 that a free hub \(F1\) can hold/,
	);
});

test("any other hub can hold a million devices, and no hub more", () => {
	for (const sku of [...SKUS.filter((name) => name !== "F1"), undefined])
		assert.equal(checkDeviceQuota(1_000_000, sku), undefined);
	for (const sku of [...SKUS, undefined])
		assert.match(checkDeviceQuota(1_000_001, sku) ?? "", /^1,000,001 devices are more than the 1,000,000 /);
});
