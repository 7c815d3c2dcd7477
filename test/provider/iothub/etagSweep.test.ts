import assert from "node:assert/strict";
import { test } from "node:test";
import { etagPages } from "../../../provider/iothub/etagSweep.ts";
import type { Step } from "../http/exchange.ts";
import { answer, refusal, scriptedHub } from "./hubClient.ts";

const row = (deviceId: string) => ({ deviceId, deviceEtag: `etag of ${deviceId}` });

async function swept(...steps: readonly Step[]) {
	const { client, sent, deadline } = scriptedHub(...steps);
	const pages: string[][] = [];
	for await (const page of etagPages(client, { apiVersion: "2021-04-12", deadline })) {
		pages.push([...page].map(([id, etag]) => `${id}: ${etag}`));
	}
	return { pages, queries: sent.map(({ body }) => JSON.parse(body ?? "{}").query as string) };
}

test("etags come page by page, and nothing else is asked for", async () => {
	const more = { "x-ms-continuation": "next" };
	const { pages, queries } = await swept(
		answer([row("a"), row("b")], more),
		answer([], { "x-ms-continuation": "on" }),
		answer([row("c")]),
	);
	assert.deepEqual(pages, [["a: etag of a", "b: etag of b"], [], ["c: etag of c"]]);
	assert.deepEqual(new Set(queries), new Set(["SELECT deviceId, deviceEtag FROM devices"]));
});

test("a hub that gives no etags by themselves, or refuses the question, is asked for whole twins", async () => {
	for (const first of [answer([{ deviceId: "a" }]), refusal(400, "ArgumentInvalid")]) {
		const { pages, queries } = await swept(first, answer([row("a")]));
		assert.deepEqual(pages, [["a: etag of a"]]);
		assert.deepEqual(queries, ["SELECT deviceId, deviceEtag FROM devices", "SELECT * FROM devices"]);
	}
});

test("an empty hub is one page", async () => {
	assert.deepEqual((await swept(answer([]))).pages, [[]]);
});

test("a hub that refuses queries is an error", async () => {
	await assert.rejects(swept(refusal(401, "IotHubUnauthorizedAccess")), {
		code: "ServiceError",
		status: 401,
	});
});
