import assert from "node:assert/strict";
import { test } from "node:test";
import { createPipeline, type PipelinePolicy } from "../../../provider/http/message.ts";
import { TestClock } from "../virtualClock.ts";
import { createRequest, createScriptedNetwork } from "./exchange.ts";

test("the first policy of a chain stands outermost", async () => {
	const order: string[] = [];
	const passing = (name: string): PipelinePolicy => {
		return (next) => async (request) => {
			order.push(name);
			return next(request);
		};
	};
	const { send, sent } = createScriptedNetwork({ status: 204 });

	const response = await createPipeline(send, passing("outer"), passing("inner"))(createRequest(new TestClock()));

	assert.deepEqual(order, ["outer", "inner"]);
	assert.equal(response.status, 204);
	assert.equal(sent.length, 1);
});
