import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeImportRecord, type ImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { CoalescedImportReader } from "../../../../provider/graph/imports/reader.ts";
import { createFakeTenant, createServiceError, type FakeResponse, GONE, type Routes } from "../fakeTenant.ts";
import { createRecordJson } from "../machines.ts";

const LIST = "GET imports";
const UNKNOWN = {};
const COMPLETE = { deviceImportStatus: "complete", deviceRegistrationId: "m-1", deviceErrorName: "None" };
const FAILED = { deviceImportStatus: "error", deviceErrorCode: 640, deviceErrorName: "StorageError" };

/** Creates the JSON of an import record. */
const createRow = (id: string, state: object) =>
	createRecordJson({ ...state }, { id, importId: `I-${id}`, serialNumber: `S-${id}` });

/** Creates a page of the list with these states, by record id. */
const createPage = (rows: Readonly<Record<string, object>>, link?: string): FakeResponse => ({
	value: Object.entries(rows).map(([id, state]) => createRow(id, state)),
	...(link === undefined ? {} : { "@odata.nextLink": link }),
});

/** The link to the second page. */
const NEXT = "/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities?$skip=1";

/** Creates a reader in a tenant that responds by these routes. */
function createReader(routes: Routes) {
	const { context, clock, sentRoutes } = createFakeTenant(routes);
	const list = new CoalescedImportReader(clock);
	const readAll = async (...ids: readonly string[]) => {
		const found = ids.map((id) => list.get(context.imports, decodeRecord(createRow(id, UNKNOWN))));
		return (await Promise.all(found)).map((record) => record?.state.deviceImportStatus);
	};
	const searchAll = async (...ids: readonly string[]) => {
		const sought = ids.map((id) => ({ serialNumber: `S-${id}`, importId: `i-${id}` }));
		const found = await Promise.all(sought.map((each) => list.search(context.imports, each)));
		return found.map((records) => records.map(({ id }) => id));
	};
	return { readAll, searchAll, sentRoutes, clock };
}

function decodeRecord(row: Readonly<Record<string, unknown>>): ImportRecord {
	return decodeImportRecord(row) ?? assert.fail("no record");
}

describe("records that are read together", () => {
	test("are read from one list", async () => {
		const rows = createPage({ a: COMPLETE, b: COMPLETE, x: FAILED });
		const { readAll, sentRoutes } = createReader({ [LIST]: [rows] });
		assert.deepEqual(await readAll("a", "b"), ["complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST]);
	});

	test("count as in progress as long as the record of one of them agrees", async () => {
		const { readAll, sentRoutes } = createReader({
			[LIST]: [createPage({ a: UNKNOWN, b: COMPLETE, c: { deviceImportStatus: "pending" } })],
			"GET imports/c": [createRow("c", UNKNOWN)],
		});
		assert.deepEqual(await readAll("a", "b", "c"), ["unknown", "complete", "unknown"]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/c"]);
	});

	test("are each read, then and later, once the list was older than a record", async () => {
		const { readAll, sentRoutes } = createReader({
			[LIST]: [createPage({ a: UNKNOWN, b: UNKNOWN, c: COMPLETE })],
			"GET imports/a": [createRow("a", COMPLETE)],
			"GET imports/b": [createRow("b", COMPLETE)],
		});
		assert.deepEqual(await readAll("a", "b", "c"), ["complete", "complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/b", "GET imports/a"]);
		await readAll("a", "b");
		assert.equal(sentRoutes().filter((route) => route === LIST).length, 1);
	});

	test("are read individually if the list has no row, no machine or an error", async () => {
		const { readAll, sentRoutes } = createReader({
			[LIST]: [createPage({ a: { ...COMPLETE, deviceRegistrationId: "" }, b: FAILED, c: COMPLETE })],
			"GET imports/a": [createRow("a", COMPLETE)],
			"GET imports/b": [createRow("b", FAILED)],
			"GET imports/d": [GONE],
		});
		assert.deepEqual(await readAll("a", "b", "c", "d"), ["complete", "error", "complete", undefined]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/a", "GET imports/b", "GET imports/d"]);
	});

	test("are read individually if the list cannot be read", async () => {
		const { readAll } = createReader({
			[LIST]: [createServiceError(403, "Forbidden")],
			"GET imports/a": [createRow("a", COMPLETE)],
			"GET imports/b": [createRow("b", UNKNOWN)],
		});
		assert.deepEqual(await readAll("a", "b"), ["complete", "unknown"]);
	});

	test("read only a few pages of the list", async () => {
		const pages = [
			createPage({ a: COMPLETE }, NEXT),
			createPage({ x: COMPLETE }, `${NEXT}0`),
			createPage({ y: COMPLETE }),
		];
		const [first, second, third] = pages;
		const { readAll, sentRoutes } = createReader({
			[LIST]: [first],
			[`${LIST}?$skip=1`]: [second],
			[`${LIST}?$skip=10`]: [third],
			"GET imports/b": [createRow("b", COMPLETE)],
		});
		assert.deepEqual(await readAll("a", "b"), ["complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST, `${LIST}?$skip=1`, "GET imports/b"]);
	});

	test("are read without a list if there is only one", async () => {
		const { readAll, sentRoutes } = createReader({ "GET imports/a": [createRow("a", UNKNOWN)] });
		assert.deepEqual(await readAll("a"), ["unknown"]);
		assert.deepEqual(sentRoutes(), ["GET imports/a"]);
	});
});

describe("records that are searched together", () => {
	test("are found in one list, by serial number and case-insensitive id", async () => {
		const { searchAll, sentRoutes } = createReader({ [LIST]: [createPage({ a: UNKNOWN, b: COMPLETE })] });
		assert.deepEqual(await searchAll("a", "b", "c"), [["a"], ["b"], []]);
		assert.deepEqual(sentRoutes(), [LIST]);
	});

	test("are searched individually if the list has more than one page, because a row may have moved", async () => {
		const { searchAll, sentRoutes } = createReader({
			[LIST]: [createPage({ a: UNKNOWN }, NEXT), createPage({ a: UNKNOWN }), createPage({})],
			[`${LIST}?$skip=1`]: [createPage({})],
		});
		assert.deepEqual(await searchAll("a", "b"), [["a"], []]);
		assert.deepEqual(sentRoutes(), [LIST, `${LIST}?$skip=1`, LIST, LIST]);
	});

	test("are searched individually if the list cannot be read", async () => {
		const { searchAll } = createReader({
			[LIST]: [createServiceError(400, "BadRequest"), createPage({ a: UNKNOWN }), createPage({})],
		});
		assert.deepEqual(await searchAll("a", "b"), [["a"], []]);
	});
});
