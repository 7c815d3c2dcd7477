import assert from "node:assert/strict";
import { test } from "node:test";
import { PlanCache } from "../../../provider/resource/planCache.ts";

test("an observed object is returned once, and under its own key only", () => {
	const plans = new PlanCache<object>();
	plans.setPlan("hall/a", "unchanged");
	assert.equal(plans.take("hall/b"), undefined);
	assert.equal(plans.take("hall/a"), "unchanged");
	assert.equal(plans.take("hall/a"), undefined);
});

test("a later plan replaces an earlier one", () => {
	const plans = new PlanCache<object>();
	const live = { etag: "e", uid: "1", values: {}, computed: {} };
	plans.setPlan("hall/a", live);
	plans.setPlan("hall/a", "unchanged");
	assert.equal(plans.take("hall/a"), "unchanged");
});
