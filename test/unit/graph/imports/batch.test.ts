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

/** The answer about these imports, in any order. */
const about = (...ids: readonly string[]): FakeResponse => ({
	value: ids.map((id) =>
		createRecordJson({}, { id: `r-${id}`, importId: id.toUpperCase(), serialNumber: `S-${id}` }),
	),
});

/** A batch in a tenant that answers by these routes. */
function batching(routes: Routes) {
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
	/** The ids of the records, or the errors, of imports that are sentRoutes for at the same time. */
	const together = async (...ids: readonly string[]) => {
		const results = await Promise.allSettled(ids.map((id) => queue(id)));
		return results.map((result) => (result.status === "rejected" ? result.reason : result.value.id));
	};
	return { ...fake, queue, together };
}

describe("imports that are queued at the same time", () => {
	test("go in one request, and each has the record of its own id", async () => {
		const { together, calls, sentRoutes } = batching({ [MANY]: [about("c", "a", "b", "x")] });
		assert.deepEqual(await together("a", "b", "c"), ["r-a", "r-b", "r-c"]);
		assert.deepEqual(sentRoutes(), [MANY]);
		assert.deepEqual(calls[0]?.body, {
			importedWindowsAutopilotDeviceIdentities: ["a", "b", "c"].map((id) =>
				encodeImport(createMachineInputs({ serialNumber: `S-${id}` }), id),
			),
		});
		assert.deepEqual([calls[0]?.operationName, calls[0]?.repeatable], ["importing 3 machines", undefined]);
	});

	test("go a hundred at a time", async () => {
		const ids = Array.from({ length: 201 }, (_, at) => `i${at}`);
		const { together, calls } = batching({
			[MANY]: [about(...ids)],
			[ONE]: [createRecordJson({}, { id: "r-i200", serialNumber: "S-i200" })],
		});
		assert.deepEqual(
			await together(...ids),
			ids.map((id) => `r-${id}`),
		);
		assert.deepEqual(
			calls.map(({ operationName }) => operationName),
			["importing 100 machines", "importing 100 machines", 'importing machine "S-i200"'],
		);
	});

	test("have as long as the one among them that has the longest", async () => {
		const { queue, calls, clock } = batching({ [MANY]: [about("a", "b")] });
		const [short, long] = [new Deadline("create", 60_000, clock), new Deadline("create", 90_000, clock)];
		await Promise.all([queue("a", short), queue("b", long)]);
		assert.equal(calls[0]?.deadline, long);
	});

	test("of one id go one after the other", async () => {
		const { together, sentRoutes } = batching({
			[MANY]: [about("a", "b")],
			[ONE]: [createRecordJson({}, { id: "second", serialNumber: "S-a" })],
		});
		assert.deepEqual(await together("a", "b", "a"), ["r-a", "r-b", "second"]);
		assert.deepEqual(sentRoutes(), [MANY, ONE]);
	});

	test("go by the request for one where there is only one", async () => {
		const { together, sentRoutes } = batching({ [ONE]: [createRecordJson({}, { serialNumber: "S-a" })] });
		assert.deepEqual(await together("a"), ["r-1"]);
		assert.deepEqual(sentRoutes(), [ONE]);
	});
});

describe("imports that are refused together", () => {
	for (const status of [400, 404, 405, 413, 422]) {
		test(`with ${status} are told so, and go alone the next time`, async () => {
			const { together, sentRoutes } = batching({
				[MANY]: [createServiceError(status, "BadRequest")],
				[ONE]: [
					createRecordJson({}, { id: "r-a", serialNumber: "S-a" }),
					createServiceError(400, "BadRequest", "bad"),
				],
			});
			for (const error of await together("a", "b")) assert.ok(error instanceof BatchRefused);
			const [first, second] = await together("a", "b");
			assert.equal(first, "r-a");
			assert.match(String(second), /^ServiceError: .*bad/);
			assert.deepEqual(sentRoutes(), [MANY, ONE, ONE]);
		});
	}

	test("go a tenth at a time the next time, beside others that were not", async () => {
		const ids = Array.from({ length: 25 }, (_, at) => `i${at}`);
		const { together, calls } = batching({
			[MANY]: [createServiceError(400, "BadRequest"), about(...ids, "new")],
			[ONE]: [createRecordJson({}, { serialNumber: "S-i24" })],
		});
		await together(...ids);
		await together(...ids, "new", "newer");
		const sizes = calls.map(({ body }) => Object(body).importedWindowsAutopilotDeviceIdentities?.length ?? 1);
		assert.deepEqual(sizes, [25, ...Array.from({ length: 13 }, () => 2), 1]);
		await together(...ids);
		assert.equal(calls.at(-1)?.operationName, "importing 25 machines", "all is forgotten that went well");
	});

	test("for what is no import's own fault are each told it by name, and stay together", async () => {
		for (const error of [
			createServiceError(403, "Forbidden"),
			createServiceError(400, "", "x-msft-approval-justification"),
		]) {
			error.message = `importing 2 machines failed: ${error.message}`;
			const { together, sentRoutes } = batching({ [MANY]: [error] });
			const [first, second] = await together("a", "b");
			assert.match(String(first), /^ServiceError: importing machine "S-a" failed/);
			assert.match(String(second), /^ServiceError: importing machine "S-b" failed/);
			await together("a", "b");
			assert.deepEqual(sentRoutes(), [MANY, MANY]);
		}
	});
});

describe("an answer about many imports", () => {
	test("that has another machine in the place of one is unreadable to that one alone", async () => {
		const other = createRecordJson({}, { id: "r-b", importId: "b", serialNumber: "S-z" });
		const whole = { value: [createRecordJson({}, { id: "r-a", importId: "a", serialNumber: "S-a" }), other] };
		const [one, two] = await batching({ [MANY]: [whole] }).together("a", "b");
		assert.equal(one, "r-a");
		assert.ok(two instanceof UnreadableAnswer);
	});

	const lost: readonly (readonly [string, FakeResponse, typeof ConnectionLost | typeof UnreadableAnswer])[] =
		[
			["that is lost", new ConnectionLost("importing 2 machines failed: broken"), ConnectionLost],
			["that is no list", {}, UnreadableAnswer],
		];
	for (const [what, answer, type] of lost) {
		test(`${what} is told as such to each, and they go alone the next time`, async () => {
			const { together, sentRoutes } = batching({
				[MANY]: [answer],
				[ONE]: [createRecordJson({}, { serialNumber: "S-a" })],
			});
			const errors = await together("a", "b");
			for (const [at, error] of errors.entries()) {
				assert.ok(error instanceof type);
				assert.match(error.message, new RegExp(`^importing machine "S-${"ab"[at]}" failed: `));
			}
			assert.notEqual(errors[0], errors[1]);
			await together("a", "b");
			assert.deepEqual(sentRoutes(), [MANY, ONE, ONE]);
		});
	}

	test("that leaves one out is unreadable to that one alone", async () => {
		const { together } = batching({ [MANY]: [about("a")] });
		const [first, second] = await together("a", "b");
		assert.equal(first, "r-a");
		assert.ok(second instanceof UnreadableAnswer);
		assert.match(
			second.message,
			/^importing machine "S-b" failed: the answer about many says nothing of it$/,
		);
	});
});
