import assert from "node:assert/strict";
import { test } from "node:test";
import { computeFloor } from "./goals.ts";

const NONE = { registry: 0, query: 0, twinRead: 0 };

test("the floor is the time that the slowest meter needs for operations beyond its burst", () => {
	assert.equal(computeFloor({ ...NONE, registry: 2_000 }, "S1"), 1_140);
	assert.equal(computeFloor({ registry: 200, query: 25, twinRead: 2_000 }, "S1"), 60);
	assert.equal(computeFloor({ registry: 100, query: 21, twinRead: 2_000 }, "S1"), 19);
	assert.equal(computeFloor({ ...NONE, registry: 10_000 }, "S3"), 60);
});

test("operations within the burst of an idle hub have a floor of zero", () => {
	assert.equal(computeFloor({ registry: 100, query: 20, twinRead: 100 }, "S1"), 0);
});
