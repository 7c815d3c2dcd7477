import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutopilotError } from "../../../../provider/graph/autopilotErrors.ts";
import { encodeImport } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { registerMachine, resolveImportId } from "../../../../provider/graph/imports/register.ts";
import { ConnectionLost } from "../../../../provider/http/errors.ts";
import { ObjectExists, ResponseLost } from "../../../../provider/resource/errors.ts";
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
	return { ...fake, result: registerMachine(fake.context, createMachineInputs()), countImports };
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
		return registerMachine(context, createMachineInputs());
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
		/^Importing machine "5CG1234ABC" timed out before it finished: (.*) Nothing is lost: run the command again .*autopilot:timeouts\. \(gave up after 60 s, .*\)$/;

	test("is left as it is, and the error says that the next run continues to wait", async () => {
		const { result, discarded } = startImport({ "GET imports/r-1": [QUEUED] }, 60_000);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof AutopilotError);
			assert.equal(error.code, "ImportPending");
			assert.equal(TOLD.exec(error.message)?.[1], "the import is still in progress.");
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
		const { result, countImports } = startImport({ "GET imports": [list(...others, QUEUED)] });
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
			"GET machines/old": [GONE],
		});
		const began = clock.now();
		assert.equal((await result).live.id, ID);
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
		assert.ok(clock.now() - began >= 30_000, "it may be a machine that is about to appear");
	});

	test("is discarded if it failed, and the machine is imported again", async () => {
		const { result, countImports, discarded } = startImport({
			"GET imports": [list(createFailedRecord(808, "ZtdDeviceAssignedToOtherTenant", "r-0")), list()],
		});
		await result;
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
	});

	test("is used once, though the list contains it after it was removed", async () => {
		const { result, countImports, discarded } = startImport({
			"GET imports": [list(createFailedRecord(640, "StorageError", "r-0"))],
		});
		await result;
		assert.deepEqual([countImports(), discarded], [1, ["r-0"]]);
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

	test("fails as lost if it is not found, because it can appear later", async () => {
		await assert.rejects(startImport({ "POST imports": [LOST] }).result, (error) => {
			assert.ok(error instanceof ResponseLost);
			assert.equal(error.cause, LOST);
			return true;
		});
	});

	test("fails as lost if the search fails", async () => {
		const routes = { "GET imports": [list(), createServiceError(403, "Forbidden")], "POST imports": [LOST] };
		await assert.rejects(startImport(routes).result, ResponseLost);
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
