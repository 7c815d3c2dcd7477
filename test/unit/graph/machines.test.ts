import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isContention, isEtagMismatch, isNotFound } from "../../../provider/graph/errors.ts";
import { buildSerialNumberFilter, describeMachine } from "../../../provider/graph/machines.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import { CONTENTION, createFakeTenant, createServiceError, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createLiveMachine, createMachineJson, ID, SERIAL } from "./machines.ts";

const list = (...rows: Readonly<Record<string, unknown>>[]): FakeResponse => ({ value: rows });

describe("a machine by its id", () => {
	test("is read by its percent-encoded id", async () => {
		const { context, calls } = createFakeTenant({ "GET machines/a%2Fb": [createMachineJson({ id: "a/b" })] });
		assert.deepEqual((await context.machines.get("a/b", "machine a/b"))?.id, "a/b");
		assert.equal(calls[0]?.operationName, "reading machine a/b");
	});

	test("is missing only if the service itself says so", async () => {
		const reading = (answer: FakeResponse) =>
			createFakeTenant({ [`GET machines/${ID}`]: [answer] }).context.machines.get(ID, "machine x");
		assert.equal(await reading(GONE), undefined);
		for (const error of [
			createServiceError(404, ""),
			createServiceError(400, "BadRequest"),
			createServiceError(404, "itemNotFound"),
		]) {
			await assert.rejects(reading(error), (thrown) => thrown === error);
		}
	});

	test("can be returned with an id in another case, but not with another id", async () => {
		const reading = (id: string) =>
			createFakeTenant({ [`GET machines/${ID}`]: [createMachineJson({ id })] }).context.machines.get(
				ID,
				describeMachine(SERIAL),
			);
		assert.equal((await reading(ID.toUpperCase()))?.id, ID.toUpperCase());
		await assert.rejects(reading("m-2"), {
			name: "UnreadableAnswer",
			message: 'reading machine "5CG1234ABC" failed: the response is about another object, m-2',
		});
	});

	test("must be a machine", async () => {
		const { context } = createFakeTenant({ [`GET machines/${ID}`]: [list(createMachineJson())] });
		await assert.rejects(context.machines.get(ID, describeMachine(SERIAL)), {
			name: "UnreadableAnswer",
			message: 'reading machine "5CG1234ABC" failed: the response is not a machine',
		});
	});
});

describe("a write", () => {
	test("of an action is sent to the machine, with its body", async () => {
		const { context, calls } = createFakeTenant({
			[`POST machines/${ID}/updateDeviceProperties`]: [undefined],
		});
		const body = { groupTag: "Lab" };
		await context.machines.invokeAction(createLiveMachine(), {
			operationName: "changing",
			action: "updateDeviceProperties",
			body,
		});
		assert.deepEqual([calls[0]?.body, calls[0]?.ifMatch, calls[0]?.repeatable], [body, undefined, undefined]);
	});

	test("sends the service's etag if there is one, and never a computed one", async () => {
		const { context, calls } = createFakeTenant({
			[`POST machines/${ID}/unassignUserFromDevice`]: [undefined],
			[`DELETE machines/${ID}`]: [undefined],
		});
		const etag = 'W/"JzEt"';
		await context.machines.invokeAction(
			{ ...createLiveMachine(), etag },
			{ operationName: "changing", action: "unassignUserFromDevice" },
		);
		await context.machines.delete({ ...createLiveMachine(), etag }, "deleting");
		await context.machines.delete(createLiveMachine(), "deleting");
		assert.deepEqual(
			calls.map(({ ifMatch }) => ifMatch),
			[etag, etag, undefined],
		);
		assert.ok(!("body" in (calls[0] ?? {})));
	});
});

test("an error shows whether the machine is gone, busy or changed", () => {
	const said = (error: unknown) => [isNotFound(error), isContention(error), isEtagMismatch(error)];
	assert.deepEqual(said(GONE), [true, false, false]);
	assert.deepEqual(said(CONTENTION), [false, true, false]);
	assert.deepEqual(said(createServiceError(412, "resourceModified")), [false, false, true]);
	assert.deepEqual(said(createServiceError(412, "")), [false, false, true]);
	for (const error of [
		createServiceError(404, ""),
		createServiceError(400, "ResourceNotFound"),
		createServiceError(409, "ConditionNotMet"),
		createServiceError(412, "ApprovalRequired"),
		new ConnectionLost("x"),
		undefined,
	]) {
		assert.deepEqual(said(error), [false, false, false]);
	}
});

test("messages quote a serial number unchanged, including spaces", () => {
	assert.equal(describeMachine(' a"b '), 'machine " a\\"b "');
	assert.equal(describeMachine(undefined), 'machine ""');
});

const wordIn = (filter: string | undefined): string | undefined =>
	/^contains\(serialNumber,'([A-Za-z0-9]+)'\)$/.exec(filter ?? "")?.[1];

describe("the filter for a serial number", () => {
	const cases: readonly [serialNumber: string, word: string][] = [
		["5CG1234ABC", "5CG1234ABC"],
		["VMware-56 4d 2c 77-b1", "VMware"],
		["1234-5678", "1234"],
		["Default string", "Default"],
		["O'Brien&top=1", "Brien"],
		["ßäé-7", "7"],
	];
	for (const [serialNumber, word] of cases) {
		test(`of ${serialNumber} contains ${word}`, () => {
			assert.deepEqual(buildSerialNumberFilter(serialNumber), {
				$filter: `contains(serialNumber,'${word}')`,
			});
		});
	}

	test("without a letter or a digit is empty", () => {
		for (const serialNumber of ["", " ", "-", "..", "ßä"])
			assert.deepEqual(buildSerialNumberFilter(serialNumber), {});
	});

	test("always matches the machine, and never contains characters that Graph refuses", () => {
		const serial = fc.string({
			unit: fc.constantFrom("a", "B", "7", "-", " ", "'", "é", "%"),
			maxLength: 12,
		});
		fc.assert(
			fc.property(fc.oneof(serial, fc.string()), (serialNumber) => {
				const { $filter } = buildSerialNumberFilter(serialNumber);
				const word = wordIn($filter);
				assert.equal(word === undefined, !/[A-Za-z0-9]/.test(serialNumber));
				assert.equal(word === undefined, $filter === undefined);
				assert.ok(serialNumber.includes(word ?? ""));
			}),
		);
	});
});
