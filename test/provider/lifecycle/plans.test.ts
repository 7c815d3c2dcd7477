import assert from "node:assert/strict";
import { test } from "node:test";
import { Plans } from "../../../provider/lifecycle/plans.ts";

test("what a plan saw is handed out once, to the object that it saw", () => {
	const plans = new Plans<object>();
	plans.remember("hall/a", "untouched");
	assert.equal(plans.take("hall/b"), undefined);
	assert.equal(plans.take("hall/a"), "untouched");
	assert.equal(plans.take("hall/a"), undefined);
});

test("a later plan counts instead of an earlier one", () => {
	const plans = new Plans<object>();
	const live = { etag: "e", incarnation: "1", values: {}, facts: {} };
	plans.remember("hall/a", live);
	plans.remember("hall/a", "untouched");
	assert.equal(plans.take("hall/a"), "untouched");
});
