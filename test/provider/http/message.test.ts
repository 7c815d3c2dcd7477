import assert from "node:assert/strict";
import { test } from "node:test";
import { chain, type Policy } from "../../../provider/http/message.ts";
import { VirtualClock } from "../virtualClock.ts";
import { requestWith, scripted } from "./exchange.ts";

test("the first policy of a chain stands outermost", async () => {
	const order: string[] = [];
	const passing = (name: string): Policy => {
		return (next) => async (request) => {
			order.push(name);
			return next(request);
		};
	};
	const { send, sent } = scripted({ status: 204 });

	const response = await chain(send, passing("outer"), passing("inner"))(requestWith(new VirtualClock()));

	assert.deepEqual(order, ["outer", "inner"]);
	assert.equal(response.status, 204);
	assert.equal(sent.length, 1);
});
