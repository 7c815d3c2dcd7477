import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { GraphClient, GraphRequest } from "../../../provider/graph/client.ts";
import { type ListedRow, listRows } from "../../../provider/graph/paging.ts";
import { UnreadableAnswer } from "../../../provider/http/errors.ts";
import { createGraphAnswer, createScriptedGraph, ORIGIN } from "./graphClient.ts";

const PATH = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities";
const LINK = `${ORIGIN}${PATH}?$skiptoken=`;

interface Page {
	readonly value?: unknown;
	readonly "@odata.nextLink"?: unknown;
}

/** Reads a list with these pages, and returns the ids of all rows and the requested URLs. */
async function readList(...pages: readonly Page[]): Promise<{ ids: string[]; requestedUrls: string[] }> {
	const { client, sent, deadline } = createScriptedGraph(
		undefined,
		...pages.map((page) => createGraphAnswer(page)),
	);
	const ids: string[] = [];
	const listing = { operationName: "listing machines", path: PATH, query: { $filter: "f" }, deadline };
	for await (const { id } of listRows(client, listing)) ids.push(id);
	return { ids, requestedUrls: sent.map(({ url }) => url.href) };
}

const page = (ids: readonly string[], next?: string): Page => ({
	value: ids.map((id) => ({ id })),
	...(next === undefined ? {} : { "@odata.nextLink": LINK + next }),
});

describe("a list", () => {
	test("is read from its first page to the one without a link, by unchanged links", async () => {
		assert.deepEqual(await readList(page(["a", "b"], "2"), page(["c"])), {
			ids: ["a", "b", "c"],
			requestedUrls: [`${ORIGIN}${PATH}?%24filter=f`, `${LINK}2`],
		});
	});

	test("that is empty has no rows", async () => {
		assert.deepEqual((await readList(page([]))).ids, []);
	});

	test("continues after an empty page", async () => {
		assert.deepEqual((await readList(page([], "2"), page([], "3"), page(["a"]))).ids, ["a"]);
	});

	test("contains a row that ends one page and begins the next one only once", async () => {
		const { ids } = await readList(page(["a", "b"], "b"), page(["b", "c"], "c"), page(["c"]));
		assert.deepEqual(ids, ["a", "b", "c"]);
	});

	test("returns rows unchanged, and omits those without an id", async () => {
		const value = [{ id: "a", serialNumber: "S" }, { serialNumber: "T" }, null, "b", { id: 7 }];
		const { client, deadline } = createScriptedGraph(undefined, createGraphAnswer({ value }));
		const rows: ListedRow[] = [];
		for await (const row of listRows(client, { operationName: "listing", path: PATH, deadline }))
			rows.push(row);
		assert.deepEqual(rows, [{ id: "a", serialNumber: "S" }]);
	});

	test("with a link to another origin is not followed", async () => {
		const next = { value: [{ id: "a" }], "@odata.nextLink": "https://evil.example/" };
		await assert.rejects(readList(next), /leads to https:\/\/evil\.example, which is not/);
	});
});

describe("a list that does not end", () => {
	const STALLED = {
		name: "UnreadableAnswer",
		message:
			"listing machines failed: the list does not end: a page links back to itself, as happens when many machines share " +
			"one serial number",
	};

	test("because a page links to itself is an error", async () => {
		await assert.rejects(readList(page(["a"], "a"), page(["b"], "a")), STALLED);
		await assert.rejects(readList(page([], "a"), page([], "a")), STALLED);
	});

	test("because a page contains no new row is an error", async () => {
		await assert.rejects(readList(page(["a"], "a"), page(["a"], "b"), page(["c"])), STALLED);
	});

	test("because empty pages link in a circle is an error", async () => {
		let requestedUrls = 0;
		const client: GraphClient = {
			send: async () => ({ json: page([], String(requestedUrls++ % 2)), headers: {} }),
		};
		const { deadline } = createScriptedGraph(undefined);
		const read = async () => {
			for await (const row of listRows(client, { operationName: "listing", path: PATH, deadline }))
				assert.fail(row.id);
		};
		await assert.rejects(read(), /the list does not end: it has more than 1000 pages/);
		assert.equal(requestedUrls, 1_000);
	});

	test("returns the rows before the error", async () => {
		const { client, deadline } = createScriptedGraph(undefined, createGraphAnswer(page(["a"], "a")));
		const ids: string[] = [];
		const read = async () => {
			for await (const { id } of listRows(client, { operationName: "listing", path: PATH, deadline }))
				ids.push(id);
		};
		await assert.rejects(read(), UnreadableAnswer);
		assert.deepEqual(ids, ["a"]);
	});
});

test("a response that is not a list is an error", async () => {
	for (const answered of [{}, { value: {} }, { value: null }]) {
		await assert.rejects(readList(answered), {
			name: "UnreadableAnswer",
			message: "listing machines failed: the response is not a list",
		});
	}
});

interface Machine {
	readonly id: string;
	readonly serialNumber: string;
}

/** Creates pages with Graph's cursor: it contains the last serial number of a page, and the next page begins with the first such row. */
function createCursorPages(
	machines: readonly Machine[],
	size: number,
): { client: GraphClient; calls: GraphRequest[] } {
	const calls: GraphRequest[] = [];
	const sorted = machines.toSorted((a, b) => (a.serialNumber < b.serialNumber ? -1 : 1));
	const client: GraphClient = {
		send: async (call) => {
			calls.push(call);
			const token = new URL(call.path, ORIGIN).searchParams.get("$skiptoken");
			const at = token === null ? 0 : sorted.findIndex(({ serialNumber }) => serialNumber === token);
			const value = sorted.slice(at, at + size);
			const last = value.at(-1)?.serialNumber ?? "";
			const link = { "@odata.nextLink": `${LINK}${encodeURIComponent(last)}` };
			return { json: { value, ...(at + size < sorted.length ? link : {}) }, headers: {} };
		},
	};
	return { client, calls };
}

const serialNumbers = fc.array(fc.constantFrom("A", "A-1", "B 2", "Default string", "", "é"), {
	maxLength: 30,
});
const uniqueSerialNumbers = fc.uniqueArray(fc.string({ maxLength: 6 }), { maxLength: 30 });

describe("a list with a cursor that contains the last serial number", () => {
	const read = async (serialNumbers: readonly string[], size: number) => {
		const machines = serialNumbers.map((serialNumber, at) => ({ id: `m-${at}`, serialNumber }));
		const { client, calls } = createCursorPages(machines, size);
		const { deadline } = createScriptedGraph(undefined);
		const seen: string[] = [];
		const stalled = await (async () => {
			for await (const { id } of listRows(client, { operationName: "listing", path: PATH, deadline }))
				seen.push(id);
		})().catch((error: unknown) => error);
		return { ids: machines.map(({ id }) => id), seen, stalled, requests: calls.length };
	};

	test("is read once and completely, or ends in the error, and always ends", async () => {
		await fc.assert(
			fc.asyncProperty(serialNumbers, fc.integer({ min: 1, max: 8 }), async (serialNumbers, size) => {
				const { ids, seen, stalled, requests } = await read(serialNumbers, size);
				assert.equal(new Set(seen).size, seen.length, "a row comes once");
				assert.ok(requests <= ids.length + 2, `${requests} requests for ${ids.length} machines`);
				if (stalled === undefined) assert.deepEqual(seen.toSorted(), ids.toSorted());
				else assert.ok(stalled instanceof UnreadableAnswer, String(stalled));
			}),
		);
	});

	test("is read completely if each machine has its own serial number, whatever the pages contain", async () => {
		await fc.assert(
			fc.asyncProperty(uniqueSerialNumbers, fc.integer({ min: 2, max: 8 }), async (serialNumbers, size) => {
				const { ids, seen, stalled } = await read(serialNumbers, size);
				assert.equal(stalled, undefined);
				assert.deepEqual(seen.toSorted(), ids.toSorted());
			}),
		);
	});
});
