import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AmbiguousSerial, formatCandidates } from "../../../provider/graph/autopilotErrors.ts";
import { findCandidates, findRegistrationId } from "../../../provider/graph/candidates.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { createFakeTenant, createServiceError, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createMachineJson, HASH, SERIAL } from "./machines.ts";

type Row = Readonly<Record<string, unknown>>;

const list = (...rows: Row[]): FakeResponse => ({ value: rows });
const row = (id: string, serialNumber: string, rest: Row = {}) =>
	createMachineJson({ id, serialNumber, ...rest });

/** Returns a tenant that lists these machines, some of which may be deleted. */
function createTenantOf(rows: readonly Row[], deletedIds: readonly string[] = []) {
	const reads = rows.map((each) => {
		const id = String(each["id"]);
		return [`GET machines/${id}`, [deletedIds.includes(id) ? GONE : each]] as const;
	});
	return createFakeTenant({ "GET machines": [list(...rows)], ...Object.fromEntries(reads) });
}

const findId = (
	{ context }: ReturnType<typeof createFakeTenant>,
	serialNumber: string,
	productKey?: string,
) =>
	findRegistrationId(
		context.machines,
		{ serialNumber, ...(productKey === undefined ? {} : { productKey }) },
		{ isUnverified: true },
	);

describe("a machine by its serial number", () => {
	const rows = [
		row("m-1", SERIAL),
		row("m-2", `${SERIAL}-2`),
		row("m-3", SERIAL.toLowerCase()),
		row("m-4", "", { serialNumber: null }),
	];

	test("is found by an exact match, in one request if the caller reads it", async () => {
		const tenant = createTenantOf(rows);
		assert.equal(await findId(tenant, SERIAL), "m-1");
		assert.deepEqual(tenant.sentRoutes(), ["GET machines"]);
		assert.deepEqual(tenant.calls[0]?.query, { $filter: `contains(serialNumber,'${SERIAL}')` });
	});

	test("is undefined if no serial number matches exactly, or if the machine was deleted", async () => {
		assert.equal(await findId(createTenantOf(rows), "5CG1234AB"), undefined);
		const { context } = createTenantOf(rows, ["m-1"]);
		assert.equal(await findRegistrationId(context.machines, { serialNumber: SERIAL }), undefined);
	});

	test("is searched in the whole list if the service does not support the filter", async () => {
		const tenant = createFakeTenant({
			"GET machines": [createServiceError(400, "BadRequest"), list(...rows)],
		});
		assert.equal(await findId(tenant, SERIAL), "m-1");
		const filter = { $filter: `contains(serialNumber,'${SERIAL}')` };
		assert.deepEqual(
			tenant.calls.map(({ query }) => query),
			[filter, {}],
		);
	});

	test("is not searched again if the filter is not the cause of the error", async () => {
		for (const [serial, error] of [
			[SERIAL, createServiceError(403, "Forbidden")],
			[SERIAL, createServiceError(500, "InternalServerError")],
			["--", createServiceError(400, "BadRequest")],
		] as const) {
			const tenant = createFakeTenant({ "GET machines": [error] });
			await assert.rejects(findId(tenant, serial), (thrown) => thrown === error);
			assert.deepEqual(tenant.sentRoutes(), ["GET machines"]);
		}
	});

	const twins = [
		row("m-1", SERIAL, { productKey: "PK-1" }),
		row("m-2", SERIAL, { productKey: "PK-2", groupTag: "Kiosk" }),
		row("m-3", SERIAL),
	];

	test("that several machines have is distinguished by the product key", async () => {
		assert.equal(await findId(createTenantOf(twins), SERIAL, "PK-2"), "m-2");
		assert.equal(await findId(createTenantOf(twins), SERIAL, "PK-9"), undefined);
	});

	test("that several machines have is an error, which describes them", async () => {
		for (const productKey of [undefined, ""])
			await assert.rejects(findId(createTenantOf(twins), SERIAL, productKey), (error) => {
				assert.ok(error instanceof AmbiguousSerial);
				assert.match(
					error.message,
					/^The serial number "5CG1234ABC" does not identify one of 3 registered machines: m-1 \(serial number "5CG1234ABC", Contoso Standard, no group tag\), m-2 \(.*group tag "Kiosk"\)/,
				);
				assert.match(error.message, /Nothing was changed\. .*`productKey`.*pulumi import --file/);
				return true;
			});
	});

	test("does not belong to machines that only the list still contains", async () => {
		assert.equal(await findId(createTenantOf(twins, ["m-2", "m-3"]), SERIAL), "m-1");
	});

	test("identifies no machine if it is a placeholder, unless the product key does", async () => {
		const rows = [row("m-1", "Default string", { productKey: "PK-1" })];
		await assert.rejects(findId(createTenantOf(rows), "Default string"), {
			code: "AmbiguousSerial",
			message: /^The serial number "Default string" does not prove .* m-1 \(.* nobody filled it in/,
		});
		assert.equal(await findId(createTenantOf(rows), "Default string", "PK-1"), "m-1");
	});
});

describe("a machine whose hash is registered", () => {
	const find = (rows: readonly Row[], declared: { serialNumber: string; hardwareIdentifier: string }) =>
		findCandidates(createTenantOf(rows).context.machines, declared);

	test("is the one with its serial number", async () => {
		const declared = { serialNumber: SERIAL, hardwareIdentifier: HASH };
		assert.equal((await find([row("m-1", SERIAL)], declared)).provenId, "m-1");
		const padded = [row("m-1", ` ${SERIAL} `)];
		assert.equal((await find(padded, declared)).provenId, "m-1");
	});

	test("is not one of another manufacturer or model, as far as both are known", async () => {
		const declared = { serialNumber: SERIAL, hardwareIdentifier: HASH };
		const rows = [
			row("m-1", SERIAL, { manufacturer: "Fabrikam" }),
			row("m-2", SERIAL, { manufacturer: "CONTOSO ", model: "" }),
			row("m-3", SERIAL, { model: "Deluxe" }),
		];
		const { provenId, matching, others } = await find(rows, declared);
		assert.deepEqual(
			[provenId, matching.map(({ id }) => id), others.map(({ id }) => id)],
			["m-2", ["m-2"], ["m-1", "m-3"]],
		);
		const none = await find(rows.slice(0, 1), declared);
		assert.deepEqual([none.provenId, none.matching, none.others.length], [undefined, [], 1]);
	});

	test("is searched by the serial number in the hash, then by the declared one, and only the former proves it", async () => {
		const hardwareIdentifier = generateHardwareHash("PF2ABCDE");
		const declared = { serialNumber: SERIAL, hardwareIdentifier };
		const own = row("m-1", "PF2ABCDE");
		const stranger = row("m-2", SERIAL);
		for (const rows of [[own], [own, stranger]]) assert.equal((await find(rows, declared)).provenId, "m-1");
		const { provenId, matching } = await find([stranger], declared);
		assert.deepEqual([provenId, matching.length], [undefined, 1]);
	});

	test("is not proven by a placeholder, although there is only one such machine", async () => {
		const hardwareIdentifier = generateHardwareHash("Default string");
		const { provenId, matching } = await find([row("m-1", "Default string")], {
			serialNumber: "Default string",
			hardwareIdentifier,
		});
		assert.deepEqual([provenId, matching.length], [undefined, 1]);
	});
});

test("a message names five registrations and counts the rest", () => {
	const candidates = Array.from({ length: 7 }, (_, at) => ({
		id: `m-${at}`,
		serialNumber: "0",
		manufacturer: "",
		model: "",
		groupTag: "",
		productKey: "",
	}));
	assert.match(
		formatCandidates(candidates),
		/^m-0 \(serial number "0", no group tag\), .*m-4 .* and 2 more$/,
	);
});
