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

/** The record of an import as it goes over the wire. */
const rowOf = (id: string, state: object) =>
	createRecordJson({ ...state }, { id, importId: `I-${id}`, serialNumber: `S-${id}` });

/** Rows by their id, as a list has them. */
const page = (rows: Readonly<Record<string, object>>, link?: string): FakeResponse => ({
	value: Object.entries(rows).map(([id, state]) => rowOf(id, state)),
	...(link === undefined ? {} : { "@odata.nextLink": link }),
});

/** Where a second page is. */
const NEXT = "/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities?$skip=1";

/** The list of a tenant that answers by these routes. */
function listing(routes: Routes) {
	const { context, clock, sentRoutes } = createFakeTenant(routes);
	const list = new CoalescedImportReader(clock);
	const looked = async (...ids: readonly string[]) => {
		const found = ids.map((id) => list.get(context.imports, known(rowOf(id, UNKNOWN))));
		return (await Promise.all(found)).map((record) => record?.state.deviceImportStatus);
	};
	const searched = async (...ids: readonly string[]) => {
		const sought = ids.map((id) => ({ serialNumber: `S-${id}`, importId: `i-${id}` }));
		const found = await Promise.all(sought.map((each) => list.search(context.imports, each)));
		return found.map((records) => records.map(({ id }) => id));
	};
	return { looked, searched, sentRoutes, clock };
}

function known(row: Readonly<Record<string, unknown>>): ImportRecord {
	return decodeImportRecord(row) ?? assert.fail("no record");
}

describe("records that are looked at together", () => {
	test("are read out of one list", async () => {
		const rows = page({ a: COMPLETE, b: COMPLETE, x: FAILED });
		const { looked, sentRoutes } = listing({ [LIST]: [rows] });
		assert.deepEqual(await looked("a", "b"), ["complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST]);
	});

	test("are believed to be under way as long as one of them is by its own record", async () => {
		const { looked, sentRoutes } = listing({
			[LIST]: [page({ a: UNKNOWN, b: COMPLETE, c: { deviceImportStatus: "pending" } })],
			"GET imports/c": [rowOf("c", UNKNOWN)],
		});
		assert.deepEqual(await looked("a", "b", "c"), ["unknown", "complete", "unknown"]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/c"]);
	});

	test("are each read, then and later, once the list told less than a record", async () => {
		const { looked, sentRoutes } = listing({
			[LIST]: [page({ a: UNKNOWN, b: UNKNOWN, c: COMPLETE })],
			"GET imports/a": [rowOf("a", COMPLETE)],
			"GET imports/b": [rowOf("b", COMPLETE)],
		});
		assert.deepEqual(await looked("a", "b", "c"), ["complete", "complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/b", "GET imports/a"]);
		await looked("a", "b");
		assert.equal(sentRoutes().filter((route) => route === LIST).length, 1);
	});

	test("are read by themselves where the list has no row, no machine, or an error", async () => {
		const { looked, sentRoutes } = listing({
			[LIST]: [page({ a: { ...COMPLETE, deviceRegistrationId: "" }, b: FAILED, c: COMPLETE })],
			"GET imports/a": [rowOf("a", COMPLETE)],
			"GET imports/b": [rowOf("b", FAILED)],
			"GET imports/d": [GONE],
		});
		assert.deepEqual(await looked("a", "b", "c", "d"), ["complete", "error", "complete", undefined]);
		assert.deepEqual(sentRoutes(), [LIST, "GET imports/a", "GET imports/b", "GET imports/d"]);
	});

	test("are read by themselves where the list can't be read", async () => {
		const { looked } = listing({
			[LIST]: [createServiceError(403, "Forbidden")],
			"GET imports/a": [rowOf("a", COMPLETE)],
			"GET imports/b": [rowOf("b", UNKNOWN)],
		});
		assert.deepEqual(await looked("a", "b"), ["complete", "unknown"]);
	});

	test("are not worth more than a few pages of the list", async () => {
		const pages = [page({ a: COMPLETE }, NEXT), page({ x: COMPLETE }, `${NEXT}0`), page({ y: COMPLETE })];
		const [first, second, third] = pages;
		const { looked, sentRoutes } = listing({
			[LIST]: [first],
			[`${LIST}?$skip=1`]: [second],
			[`${LIST}?$skip=10`]: [third],
			"GET imports/b": [rowOf("b", COMPLETE)],
		});
		assert.deepEqual(await looked("a", "b"), ["complete", "complete"]);
		assert.deepEqual(sentRoutes(), [LIST, `${LIST}?$skip=1`, "GET imports/b"]);
	});

	test("by one alone are read without a list", async () => {
		const { looked, sentRoutes } = listing({ "GET imports/a": [rowOf("a", UNKNOWN)] });
		assert.deepEqual(await looked("a"), ["unknown"]);
		assert.deepEqual(sentRoutes(), ["GET imports/a"]);
	});
});

describe("records that are searched for together", () => {
	test("are found in one list, by serial number and id in any case", async () => {
		const { searched, sentRoutes } = listing({ [LIST]: [page({ a: UNKNOWN, b: COMPLETE })] });
		assert.deepEqual(await searched("a", "b", "c"), [["a"], ["b"], []]);
		assert.deepEqual(sentRoutes(), [LIST]);
	});

	test("are searched for each where the list is longer than a page, for a row may have moved", async () => {
		const { searched, sentRoutes } = listing({
			[LIST]: [page({ a: UNKNOWN }, NEXT), page({ a: UNKNOWN }), page({})],
			[`${LIST}?$skip=1`]: [page({})],
		});
		assert.deepEqual(await searched("a", "b"), [["a"], []]);
		assert.deepEqual(sentRoutes(), [LIST, `${LIST}?$skip=1`, LIST, LIST]);
	});

	test("are searched for each where the list can't be read", async () => {
		const { searched } = listing({
			[LIST]: [createServiceError(400, "BadRequest"), page({ a: UNKNOWN }), page({})],
		});
		assert.deepEqual(await searched("a", "b"), [["a"], []]);
	});
});
