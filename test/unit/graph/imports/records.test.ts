import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeImportRecord, encodeImport } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { ConnectionLost } from "../../../../provider/http/errors.ts";
import { createFakeTenant, createServiceError, GONE } from "../fakeTenant.ts";
import { createMachineInputs, createRecordJson, SERIAL } from "../machines.ts";

const RECORD = decodeImportRecord(createRecordJson());

describe("queueing an import", () => {
	test("returns its record, and is never repeatable", async () => {
		const { context, calls } = createFakeTenant({ "POST imports": [createRecordJson()] });
		assert.deepEqual(await context.imports.queue(createMachineInputs(), "i-1"), RECORD);
		assert.deepEqual(calls[0]?.body, encodeImport(createMachineInputs(), "i-1"));
		assert.equal(calls[0]?.operationName, 'importing machine "5CG1234ABC"');
		assert.equal(calls[0]?.repeatable, undefined);
	});

	test("can use another collection", async () => {
		const { context, sentRoutes } = createFakeTenant({
			"POST uploads/u-1/deviceIdentities": [createRecordJson()],
		});
		const path = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/u-1/deviceIdentities";
		await context.imports.queue(createMachineInputs(), "i-1", path);
		assert.deepEqual(sentRoutes(), ["POST uploads/u-1/deviceIdentities"]);
	});

	test("fails with an unknown outcome if the response is about another machine", async () => {
		const { context } = createFakeTenant({ "POST imports": [createRecordJson({}, { serialNumber: "S-2" })] });
		await assert.rejects(context.imports.queue(createMachineInputs(), "i-1"), {
			name: "UnreadableAnswer",
			message: 'importing machine "5CG1234ABC" failed: the response is about another machine, machine "S-2"',
		});
	});

	test("fails with an unknown outcome if the response is not a record", async () => {
		const { context } = createFakeTenant({ "POST imports": [undefined] });
		await assert.rejects(context.imports.queue(createMachineInputs(), "i-1"), {
			name: "UnreadableAnswer",
			message: 'importing machine "5CG1234ABC" failed: the response is not an import',
		});
	});
});

describe("searching records", () => {
	test("finds the matching records with exactly this serial number", async () => {
		const value = [
			createRecordJson({}, { id: "r-1" }),
			createRecordJson({}, { id: "r-2", serialNumber: `${SERIAL}2` }),
			createRecordJson({}, { id: "r-3" }),
			{ serialNumber: SERIAL },
		];
		const { context, calls } = createFakeTenant({ "GET imports": [{ value }] });
		const found = await context.imports.search(SERIAL, ({ id }) => id !== "r-1");
		assert.deepEqual(
			found.map(({ id }) => id),
			["r-3"],
		);
		assert.deepEqual(calls[0]?.query, { $filter: `contains(serialNumber,'${SERIAL}')` });
	});
});

describe("an import record", () => {
	test("is read by its id, and is missing only if the service itself says so", async () => {
		const reading = (answer: Parameters<typeof createFakeTenant>[0][string][number]) =>
			createFakeTenant({ "GET imports/r%2F1": [answer] }).context.imports.get("r/1", SERIAL);
		assert.deepEqual(await reading(createRecordJson({}, { id: "r/1" })), { ...RECORD, id: "r/1" });
		assert.equal(await reading(GONE), undefined);
		await assert.rejects(reading(createServiceError(404, "")), /^ServiceError/);
		await assert.rejects(
			reading({}),
			/reading the import of machine "5CG1234ABC" failed: the response is not an import/,
		);
	});

	test("of another machine is an error, and one without a serial number is not", async () => {
		const reading = (record: Readonly<Record<string, unknown>>) =>
			createFakeTenant({ "GET imports/r-1": [record] }).context.imports.get("r-1", SERIAL);
		await assert.rejects(reading(createRecordJson({}, { id: "r-2" })), {
			name: "UnreadableAnswer",
			message: 'reading the import of machine "5CG1234ABC" failed: the response is about another object, r-2',
		});
		await assert.rejects(reading(createRecordJson({}, { serialNumber: "S-2" })), {
			name: "UnreadableAnswer",
			message:
				'reading the import of machine "5CG1234ABC" failed: the response is about another machine, machine "S-2"',
		});
		assert.equal((await reading(createRecordJson({}, { id: "R-1", serialNumber: "" })))?.id, "R-1");
	});

	test("is removed if it exists, by a repeatable request", async () => {
		const { context, calls } = createFakeTenant({ "DELETE imports/r%2F1": [undefined, GONE] });
		await context.imports.remove("r/1", SERIAL);
		await context.imports.remove("r/1", SERIAL);
		assert.equal(calls[0]?.repeatable, true);
	});

	test("that cannot be removed is an error", async () => {
		for (const error of [createServiceError(403, "Forbidden"), new ConnectionLost("x")]) {
			const { context } = createFakeTenant({ "DELETE imports/r-1": [error] });
			await assert.rejects(context.imports.remove("r-1", SERIAL), (thrown) => thrown === error);
		}
	});
});
