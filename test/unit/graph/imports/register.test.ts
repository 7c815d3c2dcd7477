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
const failed = (deviceErrorCode: number, deviceErrorName: string, id = "r-1") =>
	createRecordJson({ deviceImportStatus: "error", deviceErrorCode, deviceErrorName }, { ...mine, id });

/** An import of the machine in a tenant that has nothing of it, unless it is said otherwise. */
function importing(routes: Routes, allowed?: number) {
	const fake = createFakeTenant(
		{
			"GET imports": [list()],
			"POST imports": [QUEUED],
			"GET imports/r-1": [DONE],
			[`GET machines/${ID}`]: [createMachineJson()],
			...routes,
		},
		allowed,
	);
	const queued = () => fake.sentRoutes().filter((route) => route === "POST imports").length;
	return { ...fake, result: registerMachine(fake.context, createMachineInputs()), queued };
}

describe("an import", () => {
	test("is queued, followed and ended with the machine that came of it", async () => {
		const { result, sentRoutes, calls, discarded } = importing({});
		const { live, record, isLeftover } = await result;
		assert.deepEqual([live.id, record.state, isLeftover], [ID, { ...COMPLETE, deviceErrorCode: 0 }, false]);
		assert.deepEqual(sentRoutes(), ["GET imports", "POST imports", "GET imports/r-1", `GET machines/${ID}`]);
		assert.deepEqual(calls[1]?.body, encodeImport(createMachineInputs(), IMPORT_ID));
		assert.deepEqual(discarded, [], "whoever registers finishes the machine first");
	});

	test("is looked at after ten seconds, and then less and less often", async () => {
		const { result, clock } = importing({ "GET imports/r-1": [QUEUED, QUEUED, QUEUED, QUEUED, DONE] });
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 10_000, 10_000, 15_000, 15_000]);
	});

	test("is waited for while it is pending, and while it does not say which machine came of it", async () => {
		const pending = createRecordJson({ deviceImportStatus: "pending" });
		const unsaid = createRecordJson({ ...COMPLETE, deviceRegistrationId: "" });
		const { result, sentRoutes } = importing({ "GET imports/r-1": [pending, unsaid, DONE] });
		await result;
		assert.equal(sentRoutes().filter((route) => route === "GET imports/r-1").length, 3);
	});

	test("that is complete may be ahead of its machine", async () => {
		const { result, clock } = importing({ [`GET machines/${ID}`]: [GONE, GONE, createMachineJson()] });
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 1_000, 1_000]);
	});

	test("whose record somebody removed can't be followed", async () => {
		await assert.rejects(importing({ "GET imports/r-1": [GONE] }).result, {
			code: "ImportFailed",
			message:
				"Importing machine \"5CG1234ABC\" can't be followed: somebody removed the import's record while it was under way. Run " +
				"the command again; if the machine was registered by then, set `adopt: true` on it for that run.",
		});
	});
});

describe("an import whose record is kept", () => {
	const unknown = (told: string) => ({
		code: "ImportPending",
		message: `${told} Run the command again; if the machine is registered by then, set \`adopt: true\` on it for that run.`,
	});
	const kept = (routes: Routes) => {
		const { context } = createFakeTenant(
			{ "GET imports": [list()], "POST imports": [QUEUED], ...routes },
			undefined,
			RecordKeepingStrategy,
		);
		return registerMachine(context, createMachineInputs());
	};

	test("says of what ends the waiting that the next run may need to adopt", async () => {
		const down = createServiceError(400, "BadRequest", "it is so");
		await assert.rejects(
			kept({ "GET imports/r-1": [down] }),
			unknown("asking failed: it is so (400, BadRequest, request id r-9)."),
		);
		await assert.rejects(
			kept({ "GET imports/r-1": [DONE], [`GET machines/${ID}`]: [down] }),
			unknown("asking failed: it is so (400, BadRequest, request id r-9)."),
		);
	});

	test("says nothing of it where nothing is under way, or where it is said already", async () => {
		await assert.rejects(kept({ "POST imports": [createServiceError(400, "BadRequest", "it is so")] }), {
			message: "asking failed: it is so (400, BadRequest, request id r-9).",
		});
		await assert.rejects(kept({ "GET imports/r-1": [GONE] }), /if the machine was registered by then/);
	});
});

describe("an import that takes longer than there is time", () => {
	const TOLD =
		/^Importing machine "5CG1234ABC" takes longer than there is time: (.*) Nothing is lost: run the command again, .*autopilot:timeouts\. \(gave up after 60 s, .*\)$/;

	test("is left as it is, and the next run is told to wait on", async () => {
		const { result, discarded } = importing({ "GET imports/r-1": [QUEUED] }, 60_000);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof AutopilotError);
			assert.equal(error.code, "ImportPending");
			assert.equal(TOLD.exec(error.message)?.[1], "the import is still under way.");
			return true;
		});
		assert.deepEqual(discarded, []);
	});

	test("is told as well where only the machine is missing", async () => {
		const { result } = importing({ [`GET machines/${ID}`]: [GONE] }, 60_000);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof AutopilotError);
			assert.equal(
				TOLD.exec(error.message)?.[1],
				"the import is complete, and the machine can't be read yet.",
			);
			return true;
		});
	});
});

describe("what an interrupted run left", () => {
	test("is found by its id in any case and finished, where it is under way", async () => {
		const others = [
			createRecordJson({}, { id: "r-7" }),
			createRecordJson({}, { ...mine, id: "r-8", serialNumber: "x" }),
		];
		const { result, queued } = importing({ "GET imports": [list(...others, QUEUED)] });
		assert.equal((await result).isLeftover, false);
		assert.equal(queued(), 0);
	});

	test("is taken as it ended, where it is complete", async () => {
		const { result, queued, clock, discarded } = importing({
			"GET imports": [list(failed(640, "StorageError", "r-5"), DONE)],
		});
		const { isLeftover, record } = await result;
		assert.deepEqual([isLeftover, record.id, queued(), clock.sleeps], [true, "r-1", 0, []]);
		assert.deepEqual(discarded, [], "one that failed is not looked at before it");
	});

	test("is discarded where its machine is gone, and the machine is imported again", async () => {
		const old = createRecordJson({ ...COMPLETE, deviceRegistrationId: "old" }, { ...mine, id: "r-0" });
		const { result, queued, discarded, clock } = importing({
			"GET imports": [list(old), list()],
			"GET machines/old": [GONE],
		});
		const began = clock.now();
		assert.equal((await result).live.id, ID);
		assert.deepEqual([queued(), discarded], [1, ["r-0"]]);
		assert.ok(clock.now() - began >= 30_000, "it may be a machine that is about to appear");
	});

	test("is discarded where it failed, and the machine is imported again", async () => {
		const { result, queued, discarded } = importing({
			"GET imports": [list(failed(808, "ZtdDeviceAssignedToOtherTenant", "r-0")), list()],
		});
		await result;
		assert.deepEqual([queued(), discarded], [1, ["r-0"]]);
	});

	test("is looked at once, though the list shows it after it was removed", async () => {
		const { result, queued, discarded } = importing({
			"GET imports": [list(failed(640, "StorageError", "r-0"))],
		});
		await result;
		assert.deepEqual([queued(), discarded], [1, ["r-0"]]);
	});
});

describe("an import whose answer was lost", () => {
	const LOST = new ConnectionLost("importing failed: the connection broke");

	test("is found again instead of queued twice", async () => {
		const { result, queued, clock } = importing({
			"GET imports": [list(), list(QUEUED)],
			"POST imports": [LOST],
		});
		await result;
		assert.equal(queued(), 1);
		assert.equal(clock.sleeps[0], 2_000);
	});

	test("and that is not there is told as lost, for it may come yet", async () => {
		await assert.rejects(importing({ "POST imports": [LOST] }).result, (error) => {
			assert.ok(error instanceof ResponseLost);
			assert.equal(error.cause, LOST);
			return true;
		});
	});

	test("and that can't be looked for is told as lost too", async () => {
		const routes = { "GET imports": [list(), createServiceError(403, "Forbidden")], "POST imports": [LOST] };
		await assert.rejects(importing(routes).result, ResponseLost);
	});

	test("from a busy service is looked for when that wants to be asked again", async () => {
		const busy = createServiceError(503, "ServiceUnavailable");
		const routes = { "GET imports": [list(), list(QUEUED)], "POST imports": [busy] };
		const { result, clock } = importing(routes);
		await result;
		assert.equal(clock.sleeps[0], 10_000);
	});

	test("is not looked for where the service refused it", async () => {
		const { result, sentRoutes } = importing({ "POST imports": [createServiceError(400, "BadRequest")] });
		await assert.rejects(result, /^ServiceError/);
		assert.deepEqual(sentRoutes(), ["GET imports", "POST imports"]);
	});
});

describe("an import that failed", () => {
	test("tells why, and its record is discarded", async () => {
		const { result, queued, discarded } = importing({
			"GET imports/r-1": [failed(808, "ZtdDeviceAssignedToOtherTenant")],
		});
		await assert.rejects(result, { code: "ImportFailed", message: /registered in another tenant \(808/ });
		assert.deepEqual([queued(), discarded], [1, ["r-1"]]);
	});

	test("for passing trouble is tried again after half a minute", async () => {
		const { result, queued, clock } = importing({
			"POST imports": [QUEUED, createRecordJson({}, { ...mine, id: "r-2" })],
			"GET imports/r-1": [failed(640, "StorageError")],
			"GET imports/r-2": [createRecordJson(COMPLETE, { ...mine, id: "r-2" })],
		});
		assert.equal((await result).record.id, "r-2");
		assert.equal(queued(), 2);
		assert.deepEqual(clock.sleeps, [10_000, 30_000, 10_000]);
	});

	test("for trouble that does not pass is given up after five times", async () => {
		const { result, queued } = importing({ "GET imports/r-1": [failed(640, "StorageError")] });
		await assert.rejects(
			result,
			/could not store it just then \(640, StorageError\)\. It was tried several times\./,
		);
		assert.equal(queued(), 5);
	});

	test("because the machine is registered says that it exists", async () => {
		const { result, queued, discarded } = importing({
			"GET imports/r-1": [failed(806, "ZtdDeviceAlreadyAssigned")],
			"GET machines": [list(createMachineJson())],
		});
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.match(error.message, /registered in this tenant already \(806/);
			return true;
		});
		assert.deepEqual([queued(), discarded], [1, ["r-1"]]);
	});

	test("because a deletion is not over yet is tried again, whatever machines have serial numbers like it", async () => {
		const { result, queued } = importing({
			"POST imports": [QUEUED, createRecordJson({}, { ...mine, id: "r-2" })],
			"GET imports/r-1": [failed(806, "ZtdDeviceAlreadyAssigned")],
			"GET imports/r-2": [createRecordJson(COMPLETE, { ...mine, id: "r-2" })],
			"GET machines": [list(createMachineJson({ id: "m-2", serialNumber: `${SERIAL}-2` }))],
		});
		await result;
		assert.equal(queued(), 2);
	});

	test("because the machine is registered under another serial number says that none has this one", async () => {
		const { result, queued } = importing({
			"GET imports/r-1": [failed(806, "ZtdDeviceAlreadyAssigned")],
			"GET machines": [list()],
		});
		await assert.rejects(result, {
			code: "ImportFailed",
			message:
				/is registered in this tenant already, and none is listed with this serial number \(806, Ztd.*\)\. If it was/,
		});
		assert.equal(queued(), 5);
	});

	test("is not tried again where there is no time, and says why it failed", async () => {
		const { result } = importing({ "GET imports/r-1": [failed(640, "StorageError")] }, 30_000);
		await assert.rejects(result, /^DeadlineExceeded: .*\(640, StorageError\)/);
	});
});
