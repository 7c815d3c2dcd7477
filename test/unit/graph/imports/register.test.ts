import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutopilotError } from "../../../../provider/graph/autopilotErrors.ts";
import { encodeImport } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { OwnImports, resolveImportId } from "../../../../provider/graph/imports/ownImports.ts";
import { registerMachine } from "../../../../provider/graph/imports/register.ts";
import type { GraphOperationContext } from "../../../../provider/graph/operationContext.ts";
import { ConnectionLost } from "../../../../provider/http/errors.ts";
import { ObjectExists } from "../../../../provider/resource/errors.ts";
import {
	createFakeTenant,
	createServiceError,
	GONE,
	RecordKeepingStrategy,
	type Routes,
} from "../fakeTenant.ts";
import { createMachineInputs, createMachineJson, createRecordJson, ID, SERIAL } from "../machines.ts";

const IMPORT_ID = resolveImportId(createMachineInputs());
const mine = { importId: IMPORT_ID.toUpperCase() };
const COMPLETE = { deviceImportStatus: "complete", deviceRegistrationId: ID, deviceErrorName: "None" };
const QUEUED = createRecordJson({}, mine);
const DONE = createRecordJson(COMPLETE, mine);
const list = (...rows: Readonly<Record<string, unknown>>[]) => ({ value: rows });
const createFailedRecord = (deviceErrorCode: number, deviceErrorName: string, id = "r-1") =>
	createRecordJson({ deviceImportStatus: "error", deviceErrorCode, deviceErrorName }, { ...mine, id });

/** Registers the machine in an operation of its own. */
function register(context: GraphOperationContext, claimId: (id: string) => void = () => undefined) {
	const inputs = createMachineInputs();
	return registerMachine(context, inputs, { ownImports: new OwnImports(context, inputs), claimId });
}

/** Starts to import the machine into an empty tenant, with these responses instead of a successful import. */
function startImport(routes: Routes, timeoutMs?: number) {
	const fake = createFakeTenant(
		{
			"GET imports": [list()],
			"POST imports": [QUEUED],
			"GET imports/r-1": [DONE],
			[`GET machines/${ID}`]: [createMachineJson()],
			...routes,
		},
		timeoutMs,
	);
	const countImports = () => fake.sentRoutes().filter((route) => route === "POST imports").length;
	return { ...fake, result: register(fake.context), countImports };
}

describe("an import", () => {
	test("is queued and polled, and returns the registered machine", async () => {
		const { result, sentRoutes, calls, discarded } = startImport({});
		const { live, record, isLeftover } = await result;
		assert.deepEqual([live.id, record.state, isLeftover], [ID, { ...COMPLETE, deviceErrorCode: 0 }, false]);
		assert.deepEqual(sentRoutes(), ["GET imports", "POST imports", "GET imports/r-1", `GET machines/${ID}`]);
		assert.deepEqual(calls[1]?.body, encodeImport(createMachineInputs(), IMPORT_ID));
		assert.deepEqual(discarded, [], "whoever registers finishes the machine first");
	});

	test("is read after ten seconds, and then less and less often", async () => {
		const { result, clock } = startImport({ "GET imports/r-1": [QUEUED, QUEUED, QUEUED, QUEUED, DONE] });
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 10_000, 10_000, 15_000, 15_000]);
	});

	test("is in progress while it is pending or has no registration id", async () => {
		const pending = createRecordJson({ deviceImportStatus: "pending" });
		const unsaid = createRecordJson({ ...COMPLETE, deviceRegistrationId: "" });
		const { result, sentRoutes } = startImport({ "GET imports/r-1": [pending, unsaid, DONE] });
		await result;
		assert.equal(sentRoutes().filter((route) => route === "GET imports/r-1").length, 3);
	});

	test("can be complete before its machine can be read", async () => {
		const { result, clock } = startImport({ [`GET machines/${ID}`]: [GONE, GONE, createMachineJson()] });
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 1_000, 1_000]);
	});

	test("whose record somebody removed fails", async () => {
		await assert.rejects(startImport({ "GET imports/r-1": [GONE] }).result, {
			code: "ImportFailed",
			message:
				'Importing machine "5CG1234ABC" cannot be tracked: somebody removed the import record while the import was in progress. Run ' +
				"the command again; if the machine was registered by then, set `adopt: true` on it for that run.",
		});
	});
});

describe("a machine that another resource has", () => {
	const HELD = new Error("another resource has it");
	const claimId = (id: string) => {
		assert.equal(id, ID);
		throw HELD;
	};

	test("is noticed before it is read, and the record of its import is discarded", async () => {
		const { context, sentRoutes, discarded } = startImport({});
		await assert.rejects(register(context, claimId), HELD);
		assert.deepEqual(sentRoutes().slice(-1), ["GET imports/r-1"]);
		assert.deepEqual(discarded, ["r-1"]);
	});

	test("keeps its record if records are kept, and the error has no advice about the import", async () => {
		const routes = { "GET imports": [list()], "POST imports": [QUEUED], "GET imports/r-1": [DONE] };
		const { context, discarded } = createFakeTenant(routes, undefined, RecordKeepingStrategy);
		await assert.rejects(register(context, claimId), HELD);
		assert.deepEqual(discarded, []);
	});
});

describe("an import whose record is kept", () => {
	const createPendingError = (message: string) => ({
		code: "ImportPending",
		message: `${message} Run the command again; if the machine is registered by then, set \`adopt: true\` on it for that run.`,
	});
	const importKeepingRecords = (routes: Routes) => {
		const { context } = createFakeTenant(
			{ "GET imports": [list()], "POST imports": [QUEUED], ...routes },
			undefined,
			RecordKeepingStrategy,
		);
		return register(context);
	};

	test("adds to an error during the wait that the next run may need adopt", async () => {
		const down = createServiceError(400, "BadRequest", "it is so");
		await assert.rejects(
			importKeepingRecords({ "GET imports/r-1": [down] }),
			createPendingError("asking failed: it is so (400, BadRequest, request id r-9)."),
		);
		await assert.rejects(
			importKeepingRecords({ "GET imports/r-1": [DONE], [`GET machines/${ID}`]: [down] }),
			createPendingError("asking failed: it is so (400, BadRequest, request id r-9)."),
		);
	});

	test("adds nothing if no import is in progress, or if the error already says so", async () => {
		await assert.rejects(
			importKeepingRecords({ "POST imports": [createServiceError(400, "BadRequest", "it is so")] }),
			{
				message: "asking failed: it is so (400, BadRequest, request id r-9).",
			},
		);
		await assert.rejects(
			importKeepingRecords({ "GET imports/r-1": [GONE] }),
			/if the machine was registered by then/,
		);
	});
});

describe("an import that times out", () => {
	const TOLD =
		/^Importing machine "5CG1234ABC" timed out before it finished: (.*) Nothing is lost: run the command again .*autopilot:timeouts\.(.*) \(gave up after 60 s, .*\)$/;

	test("is left as it is, and the error says that the next run continues to wait", async () => {
		const { result, discarded } = startImport({ "GET imports/r-1": [QUEUED] }, 60_000);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof AutopilotError);
			assert.equal(error.code, "ImportPending");
			const [, reason, advice] = TOLD.exec(error.message) ?? [];
			assert.equal(reason, "the import is still in progress (record r-1, for 45 s in this run).");
			assert.equal(
				advice,
				" If it never ends, delete record r-1 of Graph's importedWindowsAutopilotDeviceIdentities; the next run then imports the " +
					"machine again.",
			);
			return true;
		});
		assert.deepEqual(discarded, []);
	});

	test("says so if only the machine is missing", async () => {
		const { result } = startImport({ [`GET machines/${ID}`]: [GONE] }, 60_000);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof AutopilotError);
			assert.equal(
				TOLD.exec(error.message)?.[1],
				"the import is complete, but the machine cannot be read yet.",
			);
			return true;
		});
	});
});

describe("the import of an interrupted run", () => {
	test("is found by its id in any case and completed, if it is in progress", async () => {
		const others = [
			createRecordJson({}, { id: "r-7" }),
			createRecordJson({}, { ...mine, id: "r-8", serialNumber: "x" }),
		];
		const { result, countImports } = startImport({
			"GET imports": [list(...others, QUEUED)],
			"GET imports/r-1": [QUEUED, DONE],
		});
		assert.equal((await result).isLeftover, false);
		assert.equal(countImports(), 0);
	});

	test("is used as it ended, if it is complete", async () => {
		const { result, countImports, clock, discarded } = startImport({
			"GET imports": [list(createFailedRecord(640, "StorageError", "r-5"), DONE)],
		});
		const { isLeftover, record } = await result;
		assert.deepEqual([isLeftover, record.id, countImports(), clock.sleeps], [true, "r-1", 0, []]);
		assert.deepEqual(discarded, [], "one that failed is not looked at before it");
	});

	test("is discarded if its machine is gone, and the machine is imported again", async () => {
		const old = createRecordJson({ ...COMPLETE, deviceRegistrationId: "old" }, { ...mine, id: "r-0" });
		const { result, countImports, discarded, clock } = startImport({
			"GET imports": [list(old), list()],
			"GET imports/r-0": [old],
			"GET machines/old": [GONE],
		});
		const began = clock.now();
		assert.equal((await result).live.id, ID);
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
		assert.ok(clock.now() - began >= 30_000, "it may be a machine that is about to appear");
	});

	test("is discarded if it failed, and the machine is imported again", async () => {
		const failed = createFailedRecord(808, "ZtdDeviceAssignedToOtherTenant", "r-0");
		const { result, countImports, discarded } = startImport({
			"GET imports": [list(failed), list()],
			"GET imports/r-0": [failed],
		});
		await result;
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
	});

	test("is used once, though the list contains it after it was removed", async () => {
		const failed = createFailedRecord(640, "StorageError", "r-0");
		const { result, countImports, discarded } = startImport({
			"GET imports": [list(failed)],
			"GET imports/r-0": [failed],
		});
		await result;
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
	});

	test("does not count if only the list still contains it, for its machine may be somebody else's by now", async () => {
		for (const removed of [DONE, QUEUED]) {
			const { result, countImports, discarded } = startImport({
				"GET imports": [list({ ...removed, id: "r-0" })],
				"GET imports/r-0": [GONE],
			});
			assert.equal((await result).isLeftover, false);
			assert.deepEqual([countImports(), discarded], [1, []]);
		}
	});
});

describe("an import whose response was lost", () => {
	const LOST = new ConnectionLost("importing failed: the connection broke");

	test("is found instead of queued twice", async () => {
		const { result, countImports, clock } = startImport({
			"GET imports": [list(), list(QUEUED)],
			"POST imports": [LOST],
		});
		await result;
		assert.equal(countImports(), 1);
		assert.equal(clock.sleeps[0], 2_000);
	});

	test("is found even if the list lags by a minute", async () => {
		const empty = Array.from({ length: 7 }, () => list());
		const { result, countImports, clock } = startImport({
			"GET imports": [...empty, list(QUEUED)],
			"POST imports": [LOST],
		});
		assert.equal((await result).isLeftover, false);
		assert.equal(countImports(), 1);
		assert.deepEqual(clock.sleeps.slice(0, 7), [2_000, 2_000, 4_000, 8_000, 16_000, 16_000, 12_000]);
	});

	test("is queued again only after the list can no longer lag", async () => {
		const { result, countImports, clock } = startImport({ "POST imports": [LOST, QUEUED] });
		await result;
		assert.equal(countImports(), 2);
		const searching = clock.sleeps.slice(0, clock.sleeps.lastIndexOf(10_000));
		assert.equal(
			searching.reduce((sum, pause) => sum + pause, 0),
			60_000,
		);
	});

	test("is queued four times at most", async () => {
		const { result, countImports } = startImport({ "POST imports": [LOST] });
		await assert.rejects(result, LOST);
		assert.equal(countImports(), 4);
	});

	test("has an unknown outcome if the search fails or times out", async () => {
		const routes = { "GET imports": [list(), createServiceError(403, "Forbidden")], "POST imports": [LOST] };
		const expected = {
			code: "OutcomeUnknown",
			message:
				/^The machine "5CG1234ABC" may or may not have been imported: the response was lost \(importing failed: the conn.*, which continues with the import if it was queued\.$/,
		};
		await assert.rejects(startImport(routes).result, expected);
		await assert.rejects(startImport({ "POST imports": [LOST] }, 30_000).result, expected);
		const { context } = createFakeTenant(routes, undefined, RecordKeepingStrategy);
		await assert.rejects(
			register(context),
			/run the command again; if the machine is registered by then, set `adopt: true`/,
		);
	});

	test("is searched after the service's retry delay", async () => {
		const busy = createServiceError(503, "ServiceUnavailable");
		const routes = { "GET imports": [list(), list(QUEUED)], "POST imports": [busy] };
		const { result, clock } = startImport(routes);
		await result;
		assert.equal(clock.sleeps[0], 10_000);
	});

	test("is not searched if the service refused it", async () => {
		const { result, sentRoutes } = startImport({ "POST imports": [createServiceError(400, "BadRequest")] });
		await assert.rejects(result, /^ServiceError/);
		assert.deepEqual(sentRoutes(), ["GET imports", "POST imports"]);
	});
});

describe("a failed import", () => {
	test("throws the reason, and its record is discarded", async () => {
		const { result, countImports, discarded } = startImport({
			"GET imports/r-1": [createFailedRecord(808, "ZtdDeviceAssignedToOtherTenant")],
		});
		await assert.rejects(result, { code: "ImportFailed", message: /registered in another tenant \(808/ });
		assert.deepEqual([countImports(), discarded], [1, ["r-1"]]);
	});

	test("for a transient reason is queued again after half a minute", async () => {
		const { result, countImports, clock } = startImport({
			"POST imports": [QUEUED, createRecordJson({}, { ...mine, id: "r-2" })],
			"GET imports/r-1": [createFailedRecord(640, "StorageError")],
			"GET imports/r-2": [createRecordJson(COMPLETE, { ...mine, id: "r-2" })],
		});
		assert.equal((await result).record.id, "r-2");
		assert.equal(countImports(), 2);
		assert.deepEqual(clock.sleeps, [10_000, 30_000, 10_000]);
	});

	test("for a transient reason fails after five attempts", async () => {
		const { result, countImports } = startImport({
			"GET imports/r-1": [createFailedRecord(640, "StorageError")],
		});
		await assert.rejects(
			result,
			/could not store it at that moment \(640, StorageError\)\. It was tried several times\./,
		);
		assert.equal(countImports(), 5);
	});

	test("of a registered machine throws ObjectExists", async () => {
		const { result, countImports, discarded } = startImport({
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
			"GET machines": [list(createMachineJson())],
		});
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.match(error.message, /already registered in this tenant \(806/);
			return true;
		});
		assert.deepEqual([countImports(), discarded], [1, ["r-1"]]);
	});

	test("of a machine that an import of an interrupted run registered is no failure: that import is used", async () => {
		const earlier = createRecordJson(COMPLETE, { ...mine, id: "r-0" });
		const { result, countImports, discarded } = startImport({
			// The list lags: the earlier import appears after this one has ended.
			"GET imports": [list(), list(), list(), list(earlier)],
			"GET imports/r-0": [earlier],
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
		});
		const { record, isLeftover, live } = await result;
		assert.deepEqual([record.id, isLeftover, live.id], ["r-0", true, ID]);
		assert.deepEqual([countImports(), discarded], [1, ["r-1"]]);
	});

	test("of a registered machine is not searched for that long if the machine is to be adopted", async () => {
		const { context, clock } = createFakeTenant({
			"GET imports": [list()],
			"POST imports": [QUEUED],
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
			"GET machines": [list(createMachineJson())],
			[`GET machines/${ID}`]: [createMachineJson()],
		});
		const inputs = createMachineInputs({ adopt: true });
		const ownImports = new OwnImports(context, inputs);
		await assert.rejects(
			registerMachine(context, inputs, { ownImports, claimId: () => undefined }),
			ObjectExists,
		);
		assert.deepEqual(clock.sleeps, [10_000]);
	});

	test("because of a deletion that the list does not show yet is queued again", async () => {
		const { result, countImports } = startImport({
			"POST imports": [QUEUED, createRecordJson({}, { ...mine, id: "r-2" })],
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
			"GET imports/r-2": [createRecordJson(COMPLETE, { ...mine, id: "r-2" })],
			"GET machines": [list(createMachineJson({ id: "m-0" }))],
			"GET machines/m-0": [GONE],
		});
		await result;
		assert.equal(countImports(), 2);
	});

	test("because a deletion is not complete is queued again, whatever machines have similar serial numbers", async () => {
		const { result, countImports } = startImport({
			"POST imports": [QUEUED, createRecordJson({}, { ...mine, id: "r-2" })],
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
			"GET imports/r-2": [createRecordJson(COMPLETE, { ...mine, id: "r-2" })],
			"GET machines": [list(createMachineJson({ id: "m-2", serialNumber: `${SERIAL}-2` }))],
		});
		await result;
		assert.equal(countImports(), 2);
	});

	test("of a machine that is registered with another serial number says that none has this one", async () => {
		const { result, countImports } = startImport({
			"GET imports/r-1": [createFailedRecord(806, "ZtdDeviceAlreadyAssigned")],
			"GET machines": [list()],
		});
		await assert.rejects(result, {
			code: "ImportFailed",
			message:
				/is already registered in this tenant, but none is listed with this serial number \(806, Ztd.*\)\. If it was/,
		});
		assert.equal(countImports(), 5);
	});

	test("is not queued again if the deadline is near, and throws the reason", async () => {
		const { result } = startImport({ "GET imports/r-1": [createFailedRecord(640, "StorageError")] }, 30_000);
		await assert.rejects(result, /^DeadlineExceeded: .*\(640, StorageError\)/);
	});
});
