import assert from "node:assert/strict";
import { test } from "node:test";
import { listEtagPages } from "../../../provider/iothub/bulkRead.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

const row = (deviceId: string) => ({ deviceId, deviceEtag: `etag of ${deviceId}` });

async function swept(...steps: readonly ScriptedStep[]) {
	const { client, sent, deadline } = createScriptedHub(...steps);
	const pages: string[][] = [];
	for await (const page of listEtagPages(client, { apiVersion: "2021-04-12", deadline })) {
		pages.push([...page].map(([id, etag]) => `${id}: ${etag}`));
	}
	return { pages, queries: sent.map(({ body }) => JSON.parse(body ?? "{}").query as string) };
}

test("etags come page by page, and nothing else is asked for", async () => {
	const more = { "x-ms-continuation": "next" };
	const { pages, queries } = await swept(
		createHubAnswer([row("a"), row("b")], more),
		createHubAnswer([], { "x-ms-continuation": "on" }),
		createHubAnswer([row("c")]),
	);
	assert.deepEqual(pages, [["a: etag of a", "b: etag of b"], [], ["c: etag of c"]]);
	assert.deepEqual(new Set(queries), new Set(["SELECT deviceId, deviceEtag FROM devices"]));
});

test("a hub that gives no etags by themselves, or refuses the question, is asked for whole twins", async () => {
	for (const first of [createHubAnswer([{ deviceId: "a" }]), createHubRefusal(400, "ArgumentInvalid")]) {
		const { pages, queries } = await swept(first, createHubAnswer([row("a")]));
		assert.deepEqual(pages, [["a: etag of a"]]);
		assert.deepEqual(queries, ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"]);
	}
});

test("an empty hub is one page", async () => {
	assert.deepEqual((await swept(createHubAnswer([]))).pages, [[]]);
});

test("a hub that refuses queries is an error", async () => {
	await assert.rejects(swept(createHubRefusal(401, "IotHubUnauthorizedAccess")), {
		code: "ServiceError",
		status: 401,
	});
});
