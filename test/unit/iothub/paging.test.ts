import assert from "node:assert/strict";
import { test } from "node:test";
import { queryPages } from "../../../provider/iothub/paging.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createScriptedHub } from "./hubClient.ts";

async function readPages(...steps: readonly ScriptedStep[]) {
	const hub = createScriptedHub(...steps);
	const found: unknown[] = [];
	for await (const page of queryPages(hub, "SELECT 1")) {
		found.push(page);
	}
	return { found, sent: hub.sent };
}

test("pages are read until a response has no continuation, also after an empty page", async () => {
	const more = (token: string) => ({ "x-ms-continuation": token });
	const { found, sent } = await readPages(
		createHubAnswer([1], more("c1")),
		createHubAnswer([], more("c2")),
		createHubAnswer([2]),
	);
	assert.deepEqual(found, [[1], [], [2]]);
	assert.deepEqual(
		sent.map(({ headers }) => headers["x-ms-continuation"]),
		[undefined, "c1", "c2"],
	);
});

test("each request contains the query, and asks for a thousand rows at most", async () => {
	const { sent } = await readPages(createHubAnswer([]));
	assert.equal(sent[0]?.method, "POST");
	assert.equal(sent[0]?.url.pathname, "/devices/query");
	assert.equal(sent[0]?.body, '{"query":"SELECT 1"}');
	assert.equal(sent[0]?.headers["x-ms-max-item-count"], "1000");
});

test("an empty continuation ends the query", async () => {
	assert.deepEqual((await readPages(createHubAnswer([1], { "x-ms-continuation": "" }))).found, [[1]]);
});

test("a repeated continuation is an error", async () => {
	await assert.rejects(readPages(createHubAnswer([1], { "x-ms-continuation": "c" })), {
		message: "querying devices failed: the service sent the same continuation twice",
	});
});

test("a response that is not a list is an error", async () => {
	await assert.rejects(readPages(createHubAnswer({})), {
		message: "querying devices failed: the response is not a list",
	});
});
