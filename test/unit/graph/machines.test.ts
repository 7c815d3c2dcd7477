import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AmbiguousSerial } from "../../../provider/graph/autopilotErrors.ts";
import { isContention, isEtagMismatch, isNotFound } from "../../../provider/graph/errors.ts";
import { buildSerialNumberFilter, describeMachine } from "../../../provider/graph/machines.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import { CONTENTION, createFakeTenant, createServiceError, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createLiveMachine, createMachineJson, ID, SERIAL } from "./machines.ts";

const list = (...rows: Readonly<Record<string, unknown>>[]): FakeResponse => ({ value: rows });
const row = (id: string, serialNumber: string, productKey = "") =>
	createMachineJson({ id, serialNumber, productKey });

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

describe("a machine by its serial number", () => {
	const rows = list(
		row("m-1", SERIAL),
		row("m-2", `${SERIAL}-2`),
		row("m-3", SERIAL.toLowerCase()),
		row("m-4", ` ${SERIAL}`),
	);

	test("is found by an exact match, and then read by its id", async () => {
		const { context, sentRoutes, calls } = createFakeTenant({
			"GET machines": [rows],
			"GET machines/m-1": [createMachineJson({ id: "m-1" })],
		});
		assert.equal((await context.machines.findBySerialNumber(SERIAL))?.id, "m-1");
		assert.deepEqual(sentRoutes(), ["GET machines", "GET machines/m-1"]);
		assert.deepEqual(calls[0]?.query, { $filter: `contains(serialNumber,'${SERIAL}')` });
	});

	test("needs one request if only its id is needed", async () => {
		const { context, sentRoutes } = createFakeTenant({ "GET machines": [rows] });
		assert.equal(await context.machines.findId(SERIAL), "m-1");
		assert.deepEqual(sentRoutes(), ["GET machines"]);
	});

	test("is undefined if no serial number matches exactly", async () => {
		const { context } = createFakeTenant({ "GET machines": [rows] });
		assert.equal(await context.machines.findBySerialNumber("5CG1234AB"), undefined);
		assert.deepEqual(await context.machines.listIds("5CG1234AB"), []);
	});

	test("is searched in the whole list if the service does not support the filter", async () => {
		const { context, calls } = createFakeTenant({
			"GET machines": [createServiceError(400, "BadRequest"), rows],
		});
		assert.equal(await context.machines.findId(SERIAL), "m-1");
		const filter = { $filter: `contains(serialNumber,'${SERIAL}')` };
		assert.deepEqual(
			calls.map(({ query }) => query),
			[filter, {}],
		);
	});

	test("is not searched again if the filter is not the cause of the error", async () => {
		for (const [serial, error] of [
			[SERIAL, createServiceError(403, "Forbidden")],
			[SERIAL, createServiceError(500, "InternalServerError")],
			["--", createServiceError(400, "BadRequest")],
		] as const) {
			const { context, sentRoutes } = createFakeTenant({ "GET machines": [error] });
			await assert.rejects(context.machines.findId(serial), (thrown) => thrown === error);
			assert.deepEqual(sentRoutes(), ["GET machines"]);
		}
	});

	test("that was deleted between the two requests is undefined", async () => {
		const { context } = createFakeTenant({ "GET machines": [rows], "GET machines/m-1": [GONE] });
		assert.equal(await context.machines.findBySerialNumber(SERIAL), undefined);
	});

	const rowsOfTwins = [row("m-1", SERIAL, "PK-1"), row("m-2", SERIAL, "PK-2"), row("m-3", SERIAL)];
	const twins = list(...rowsOfTwins);

	test("that several machines have is distinguished by the product key", async () => {
		const { context } = createFakeTenant({ "GET machines": [twins] });
		assert.equal(await context.machines.findId(SERIAL, "PK-2"), "m-2");
		assert.equal(await context.machines.findId(SERIAL, "PK-9"), undefined);
	});

	test("that several machines have is an error", async () => {
		const [first, second] = rowsOfTwins;
		const { context } = createFakeTenant({
			"GET machines": [twins],
			"GET machines/m-1": [first],
			"GET machines/m-2": [second],
		});
		for (const productKey of [undefined, ""]) {
			await assert.rejects(context.machines.findBySerialNumber(SERIAL, productKey), (error) => {
				assert.ok(error instanceof AmbiguousSerial);
				assert.match(
					error.message,
					/^The serial number "5CG1234ABC" belongs to 3 registered machines \(m-1, m-2, m-3\), so it does not identify/,
				);
				return true;
			});
		}
	});

	test("does not belong to machines that only the list still contains", async () => {
		const [first, , third] = rowsOfTwins;
		const { context } = createFakeTenant({
			"GET machines": [twins],
			"GET machines/m-1": [first],
			"GET machines/m-2": [GONE],
			"GET machines/m-3": [GONE],
		});
		assert.equal(await context.machines.findId(SERIAL), "m-1");
		assert.equal(await context.machines.isRegistered(SERIAL), true);
		const others = createFakeTenant({ "GET machines": [list(third ?? {})], "GET machines/m-3": [GONE] });
		assert.equal(await others.context.machines.isRegistered(SERIAL), false);
	});

	test("that many machines have is an error that names five of them and counts the rest", () => {
		const ids = Array.from({ length: 7 }, (_, at) => `m-${at}`);
		assert.match(
			new AmbiguousSerial("Default string", ids).message,
			/to 7 .* \(m-0, m-1, m-2, m-3, m-4 and 2 more\)/,
		);
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
