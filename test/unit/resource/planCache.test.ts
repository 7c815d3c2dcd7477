import assert from "node:assert/strict";
import { test } from "node:test";
import { PlanCache } from "../../../provider/resource/planCache.ts";

test("what a plan saw is handed out once, to the object that it saw", () => {
	const plans = new PlanCache<object>();
	plans.setPlan("hall/a", "unchanged");
	assert.equal(plans.take("hall/b"), undefined);
	assert.equal(plans.take("hall/a"), "unchanged");
	assert.equal(plans.take("hall/a"), undefined);
});

test("a later plan counts instead of an earlier one", () => {
	const plans = new PlanCache<object>();
	const live = { etag: "e", uid: "1", values: {}, computed: {} };
	plans.setPlan("hall/a", live);
	plans.setPlan("hall/a", "unchanged");
	assert.equal(plans.take("hall/a"), "unchanged");
});
