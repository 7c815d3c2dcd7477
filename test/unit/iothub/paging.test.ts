import assert from "node:assert/strict";
import { test } from "node:test";
import { queryPages } from "../../../provider/iothub/paging.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createScriptedHub } from "./hubClient.ts";

async function pages(...steps: readonly ScriptedStep[]) {
	const { client, sent, deadline } = createScriptedHub(...steps);
	const found: unknown[] = [];
	for await (const page of queryPages(client, { query: "SELECT 1", apiVersion: "2021-04-12", deadline })) {
		found.push(page);
	}
	return { found, sent };
}

test("pages follow each other until an answer has no continuation, and an empty page is not the last one", async () => {
	const more = (token: string) => ({ "x-ms-continuation": token });
	const { found, sent } = await pages(
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

test("each page is asked for with the query, and a thousand rows at most", async () => {
	const { sent } = await pages(createHubAnswer([]));
	assert.equal(sent[0]?.method, "POST");
	assert.equal(sent[0]?.url.pathname, "/devices/query");
	assert.equal(sent[0]?.body, '{"query":"SELECT 1"}');
	assert.equal(sent[0]?.headers["x-ms-max-item-count"], "1000");
});

test("an empty continuation is none", async () => {
	assert.deepEqual((await pages(createHubAnswer([1], { "x-ms-continuation": "" }))).found, [[1]]);
});

test("a continuation that comes twice ends the query with an error, not in a circle", async () => {
	await assert.rejects(pages(createHubAnswer([1], { "x-ms-continuation": "c" })), {
		message: "querying devices failed: the service sent the same continuation twice",
	});
});

test("an answer that is no list is none", async () => {
	await assert.rejects(pages(createHubAnswer({})), {
		message: "querying devices failed: the answer is no list",
	});
});
