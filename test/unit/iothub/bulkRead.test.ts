import assert from "node:assert/strict";
import { test } from "node:test";
import { listEtagPages } from "../../../provider/iothub/bulkRead.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

const row = (deviceId: string) => ({ deviceId, deviceEtag: `etag of ${deviceId}` });

async function listEtags(...steps: readonly ScriptedStep[]) {
	const hub = createScriptedHub(...steps);
	const pages: string[][] = [];
	for await (const page of listEtagPages(hub)) {
		pages.push([...page].map(([id, etag]) => `${id}: ${etag}`));
	}
	return { pages, queries: hub.sent.map(({ body }) => JSON.parse(body ?? "{}").query as string) };
}

test("etags are listed page by page, by a query for nothing else", async () => {
	const more = { "x-ms-continuation": "next" };
	const { pages, queries } = await listEtags(
		createHubAnswer([row("a"), row("b")], more),
		createHubAnswer([], { "x-ms-continuation": "on" }),
		createHubAnswer([row("c")]),
	);
	assert.deepEqual(pages, [["a: etag of a", "b: etag of b"], [], ["c: etag of c"]]);
	assert.deepEqual(new Set(queries), new Set(["SELECT deviceId, deviceEtag FROM devices"]));
});

test("whole twins are queried if the hub returns no etags for the short query, or refuses it", async () => {
	for (const first of [createHubAnswer([{ deviceId: "a" }]), createHubRefusal(400, "ArgumentInvalid")]) {
		const { pages, queries } = await listEtags(first, createHubAnswer([row("a")]));
		assert.deepEqual(pages, [["a: etag of a"]]);
		assert.deepEqual(queries, ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"]);
	}
});

test("an empty hub is one page", async () => {
	assert.deepEqual((await listEtags(createHubAnswer([]))).pages, [[]]);
});

test("the error of a hub that refuses queries is thrown", async () => {
	await assert.rejects(listEtags(createHubRefusal(401, "IotHubUnauthorizedAccess")), {
		code: "ServiceError",
		status: 401,
	});
});
