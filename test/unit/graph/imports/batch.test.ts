import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeImport } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { BatchRefused, ImportBatcher } from "../../../../provider/graph/imports/batch.ts";
import { Imports } from "../../../../provider/graph/imports/records.ts";
import { Deadline } from "../../../../provider/http/deadline.ts";
import { ConnectionLost, UnreadableAnswer } from "../../../../provider/http/errors.ts";
import { createFakeTenant, createServiceError, type FakeResponse, type Routes } from "../fakeTenant.ts";
import { createMachineInputs, createRecordJson } from "../machines.ts";

const ONE = "POST imports";
const MANY = "POST imports/import";

/** Creates the response to a batch of these imports, in any order. */
const createBatchResponse = (...ids: readonly string[]): FakeResponse => ({
	value: ids.map((id) =>
		createRecordJson({}, { id: `r-${id}`, importId: id.toUpperCase(), serialNumber: `S-${id}` }),
	),
});

/** Creates a batcher in a tenant that responds by these routes. */
function createBatcher(routes: Routes) {
	const fake = createFakeTenant(routes);
	const { clock, client, deadline } = fake;
	const batch = new ImportBatcher(clock);
	const queue = (importId: string, until = deadline) =>
		batch.queue({
			inputs: createMachineInputs({ serialNumber: `S-${importId}` }),
			importId,
			imports: new Imports(client, until),
			deadline: until,
		});
	/** Queues imports at the same time, and returns the ids of their records or their errors. */
	const queueAll = async (...ids: readonly string[]) => {
		const results = await Promise.allSettled(ids.map((id) => queue(id)));
		return results.map((result) => (result.status === "rejected" ? result.reason : result.value.id));
	};
	return { ...fake, queue, queueAll };
}

describe("simultaneous imports", () => {
	test("are queued in one request, and each gets the record with its id", async () => {
		const { queueAll, calls, sentRoutes } = createBatcher({
			[MANY]: [createBatchResponse("c", "a", "b", "x")],
		});
		assert.deepEqual(await queueAll("a", "b", "c"), ["r-a", "r-b", "r-c"]);
		assert.deepEqual(sentRoutes(), [MANY]);
		assert.deepEqual(calls[0]?.body, {
			importedWindowsAutopilotDeviceIdentities: ["a", "b", "c"].map((id) =>
				encodeImport(createMachineInputs({ serialNumber: `S-${id}` }), id),
			),
		});
		assert.deepEqual([calls[0]?.operationName, calls[0]?.repeatable], ["importing 3 machines", undefined]);
	});

	test("get their records by serial number if the service does not keep the ids of a batch", async () => {
		const rows = ["b", "a", "c", "c"].map((id, at) =>
			createRecordJson({}, { id: `r-${at}`, importId: `r-${at}`, serialNumber: `S-${id}` }),
		);
		const { queueAll, context, deadline } = createBatcher({ [MANY]: [{ value: rows }] });
		assert.deepEqual(await queueAll("a", "b"), ["r-1", "r-0"]);
		const batch = new ImportBatcher(context.clock);
		const queueTwin = (importId: string) =>
			batch.queue({
				inputs: createMachineInputs({ serialNumber: "S-c" }),
				importId,
				imports: context.imports,
				deadline,
			});
		const twins = await Promise.all([queueTwin("c"), queueTwin("d")]);
		assert.deepEqual(
			twins.map(({ id }) => id),
			["r-2", "r-3"],
		);
	});

	test("are queued in batches of a hundred", async () => {
		const ids = Array.from({ length: 201 }, (_, at) => `i${at}`);
		const { queueAll, calls } = createBatcher({
			[MANY]: [createBatchResponse(...ids)],
			[ONE]: [createRecordJson({}, { id: "r-i200", serialNumber: "S-i200" })],
		});
		assert.deepEqual(
			await queueAll(...ids),
			ids.map((id) => `r-${id}`),
		);
		assert.deepEqual(
			calls.map(({ operationName }) => operationName),
			["importing 100 machines", "importing 100 machines", 'importing machine "S-i200"'],
		);
	});

	test("use the longest deadline of all", async () => {
		const { queue, calls, clock } = createBatcher({ [MANY]: [createBatchResponse("a", "b")] });
		const [short, long] = [new Deadline("create", 60_000, clock), new Deadline("create", 90_000, clock)];
		await Promise.all([queue("a", short), queue("b", long)]);
		assert.equal(calls[0]?.deadline, long);
	});

	test("with the same id are queued one after the other", async () => {
		const { queueAll, sentRoutes } = createBatcher({
			[MANY]: [createBatchResponse("a", "b")],
			[ONE]: [createRecordJson({}, { id: "second", serialNumber: "S-a" })],
		});
		assert.deepEqual(await queueAll("a", "b", "a"), ["r-a", "r-b", "second"]);
		assert.deepEqual(sentRoutes(), [MANY, ONE]);
	});

	test("use the request for a single import if there is only one", async () => {
		const { queueAll, sentRoutes } = createBatcher({
			[ONE]: [createRecordJson({}, { serialNumber: "S-a" })],
		});
		assert.deepEqual(await queueAll("a"), ["r-1"]);
		assert.deepEqual(sentRoutes(), [ONE]);
	});
});

describe("imports that were refused together", () => {
	for (const status of [400, 404, 405, 413, 422]) {
		test(`with ${status} get that error, and are queued one by one the next time`, async () => {
			const { queueAll, sentRoutes } = createBatcher({
				[MANY]: [createServiceError(status, "BadRequest")],
				[ONE]: [
					createRecordJson({}, { id: "r-a", serialNumber: "S-a" }),
					createServiceError(400, "BadRequest", "bad"),
				],
			});
			for (const error of await queueAll("a", "b")) assert.ok(error instanceof BatchRefused);
			const [first, second] = await queueAll("a", "b");
			assert.equal(first, "r-a");
			assert.match(String(second), /^ServiceError: .*bad/);
			assert.deepEqual(sentRoutes(), [MANY, ONE, ONE]);
		});
	}

	test("are queued in batches of a tenth the next time, beside the full batches of others", async () => {
		const ids = Array.from({ length: 25 }, (_, at) => `i${at}`);
		const { queueAll, calls } = createBatcher({
			[MANY]: [createServiceError(400, "BadRequest"), createBatchResponse(...ids, "new")],
			[ONE]: [createRecordJson({}, { serialNumber: "S-i24" })],
		});
		await queueAll(...ids);
		await queueAll(...ids, "new", "newer");
		const sizes = calls.map(({ body }) => Object(body).importedWindowsAutopilotDeviceIdentities?.length ?? 1);
		assert.deepEqual(sizes, [25, ...Array.from({ length: 13 }, () => 2), 1]);
		await queueAll(...ids);
		assert.equal(calls.at(-1)?.operationName, "importing 25 machines", "all is forgotten that went well");
	});

	test("for a reason that no single import causes get an error each, and stay in one batch", async () => {
		for (const error of [
			createServiceError(403, "Forbidden"),
			createServiceError(400, "", "x-msft-approval-justification"),
		]) {
			error.message = `importing 2 machines failed: ${error.message}`;
			const { queueAll, sentRoutes } = createBatcher({ [MANY]: [error] });
			const [first, second] = await queueAll("a", "b");
			assert.match(String(first), /^ServiceError: importing machine "S-a" failed/);
			assert.match(String(second), /^ServiceError: importing machine "S-b" failed/);
			await queueAll("a", "b");
			assert.deepEqual(sentRoutes(), [MANY, MANY]);
		}
	});
});

describe("the response to a batch of imports", () => {
	test("with another machine in place of one fails that import only", async () => {
		const other = createRecordJson({}, { id: "r-b", importId: "b", serialNumber: "S-z" });
		const whole = { value: [createRecordJson({}, { id: "r-a", importId: "a", serialNumber: "S-a" }), other] };
		const [one, two] = await createBatcher({ [MANY]: [whole] }).queueAll("a", "b");
		assert.equal(one, "r-a");
		assert.ok(two instanceof UnreadableAnswer);
	});

	const lost: readonly (readonly [string, FakeResponse, typeof ConnectionLost | typeof UnreadableAnswer])[] =
		[
			["lost", new ConnectionLost("importing 2 machines failed: broken"), ConnectionLost],
			["not a list", {}, UnreadableAnswer],
		];
	for (const [what, answer, type] of lost) {
		test(`that is ${what} gives each import that error, and they are queued one by one the next time`, async () => {
			const { queueAll, sentRoutes } = createBatcher({
				[MANY]: [answer],
				[ONE]: [createRecordJson({}, { serialNumber: "S-a" })],
			});
			const errors = await queueAll("a", "b");
			for (const [at, error] of errors.entries()) {
				assert.ok(error instanceof type);
				assert.match(error.message, new RegExp(`^importing machine "S-${"ab"[at]}" failed: `));
			}
			assert.notEqual(errors[0], errors[1]);
			await queueAll("a", "b");
			assert.deepEqual(sentRoutes(), [MANY, ONE, ONE]);
		});
	}

	test("that omits an import fails that import only", async () => {
		const { queueAll } = createBatcher({ [MANY]: [createBatchResponse("a")] });
		const [first, second] = await queueAll("a", "b");
		assert.equal(first, "r-a");
		assert.ok(second instanceof UnreadableAnswer);
		assert.match(
			second.message,
			/^importing machine "S-b" failed: the response to the batch does not contain it$/,
		);
	});

	test("that omits an import is not sent again: the import is queued alone the next time", async () => {
		const { queueAll, sentRoutes } = createBatcher({
			[MANY]: [createBatchResponse("a", "c")],
			[ONE]: [createRecordJson({}, { id: "r-b", serialNumber: "S-b" })],
		});
		await queueAll("a", "b", "c");
		assert.deepEqual(await queueAll("a", "b", "c"), ["r-a", "r-b", "r-c"]);
		assert.deepEqual(sentRoutes(), [MANY, MANY, ONE]);
	});
});
