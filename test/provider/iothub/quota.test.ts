import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDeviceQuota } from "../../../provider/iothub/quota.ts";
import { SKUS } from "../../../provider/iothub/settings.ts";

test("a free hub holds 500 devices", () => {
	assert.equal(checkDeviceQuota(500, "F1"), undefined);
	assert.match(
		checkDeviceQuota(501, "F1") ?? "",
		/^501 devices are more than the 500 that a free hub \(F1\) holds/,
	);
});

test("any other hub holds a million, and no hub more", () => {
	for (const sku of [...SKUS.filter((name) => name !== "F1"), undefined])
		assert.equal(checkDeviceQuota(1_000_000, sku), undefined);
	for (const sku of [...SKUS, undefined])
		assert.match(checkDeviceQuota(1_000_001, sku) ?? "", /^1,000,001 devices are more than the 1,000,000 /);
});
