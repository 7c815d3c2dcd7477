import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DdsErrorName, generateHardwareHash } from "../../emulator/emulator.ts";
import { CheckFailed } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, assertMachineInStep, PRESS, RECORDS, SERIAL, withTenant } from "./withTenant.ts";

interface Case {
	readonly error: DdsErrorName;
	/** The number, if it differs from the published one. */
	readonly code?: number;
	/** Patterns of its meaning and its remedy. */
	readonly says: readonly RegExp[];
}

const CASES: readonly Case[] = [
	{ error: "InvalidZtdRequestBody", says: [/801/, /did not understand the request/, /Check serialNumber/] },
	{ error: "InvalidZtdHardwareHash", says: [/802/, /hardware hash is invalid/, /Export the hash again/] },
	{
		error: "MissingZtdSerialNumberAndProductKey",
		says: [/803/, /neither a serial number nor a product key/],
	},
	{ error: "ZtdDeviceIsNotRegistered", says: [/807/, /not registered in this tenant/] },
	{ error: "ZtdDeviceAssignedToOtherTenant", says: [/808/, /another tenant/, /former owner/] },
	{ error: "ZtdDeviceAssignedToOtherTenant", code: 806, says: [/806/, /another tenant/, /former owner/] },
	{ error: "ZtdProfileIsNotRegistered", says: [/809/, /deployment profile/] },
	{ error: "ZtdProfileAssignedToOtherTenant", says: [/810/, /belongs to another tenant/] },
	{ error: "ZtdDeviceRegisteredByOtherTenant", says: [/811/, /another tenant registered/] },
	{ error: "ZtdDeviceNotFound", says: [/812/, /found no machine/, /`hardwareIdentifier`/] },
	{ error: "ZtdDeviceIsNotUnique", says: [/813/, /several machines/] },
	{ error: "ZtdDeviceAlreadyAadRegistered", says: [/814/, /Microsoft Entra/] },
	{
		error: "ZtdDeviceDuplicated",
		says: [/815/, /imported twice at the same time/, /Declare each machine once/],
	},
];

describe("An import that ends in an error", () => {
	for (const { error, code, says } of CASES) {
		test(
			`explains ${error}${code === undefined ? "" : ` with the number ${code}`}, and leaves nothing behind`,
			withTenant(async (tenant) => {
				tenant.control.machines.failImport({ error, ...(code !== undefined && { code }) });
				const resource = tenant.createResource();
				const { message } = await catchError(resource.up(PRESS));
				assert.match(message, new RegExp(`"${SERIAL}" failed: .*${error}`));
				for (const text of says) assert.match(message, text);
				assert.equal(resource.state, undefined);
				assert.equal(tenant.requests.count(ASK.queue), 1, "not tried again");
				assert.deepEqual(tenant.control.machines.list(), []);
			}),
		);
	}
	test(
		"is silently retried after a StorageError",
		withTenant(
			async (tenant) => {
				tenant.control.machines.failImport({ error: "StorageError" });
				const resource = await tenant.deploy(PRESS);
				assert.equal(tenant.requests.count(ASK.queue), 2);
				assert.deepEqual(tenant.words.thrown, []);
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ autopilot: { importDelay: 20_000 } },
		),
	);
	test(
		"reports a persistent StorageError after a few attempts",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ error: "StorageError", times: 99 });
			const { message } = await catchError(tenant.deploy(PRESS));
			assert.match(message, /could not store it .*\(640, StorageError\).*Run the command again later/);
			assert.equal(tenant.requests.count(ASK.queue), 5);
		}),
	);
	test(
		"says how to adopt a machine that is already registered",
		withTenant(async (tenant) => {
			const [before] = tenant.control.machines.seed([{ serialNumber: SERIAL, groupTag: "Lab" }]);
			const resource = tenant.createResource();
			const { message } = await catchError(resource.up(PRESS));
			assert.match(message, /^AutopilotIdentity 5CG1234ABC exists already/);
			assert.match(message, /`adopt: true`/);
			assert.match(message, /806/);
			assert.deepEqual(tenant.getMachine(SERIAL), before);
			assert.equal(resource.state, undefined);
		}),
	);
	test(
		"reports an unknown error by its name and number",
		withTenant(async (tenant) => {
			answerWith(tenant, {
				deviceImportStatus: "error",
				deviceErrorCode: 899,
				deviceErrorName: "ZtdMoonPhase",
			});
			const { message } = await catchError(tenant.deploy(PRESS));
			assert.match(message, /"5CG1234ABC" failed: .*\(899, ZtdMoonPhase\)\. Look up the name/);
		}),
	);
	test(
		"reports the status partial, which was never observed",
		withTenant(async (tenant) => {
			answerWith(tenant, { deviceImportStatus: "partial", deviceErrorCode: 0, deviceErrorName: "" });
			const { message } = await catchError(tenant.deploy(PRESS));
			assert.match(message, /"5CG1234ABC" failed: the import ended with status "partial"/);
		}),
	);
	test(
		"trusts the error's name if its number is that of a registered machine",
		withTenant(
			async (tenant) => {
				tenant.control.machines.markHash(String(PRESS["hardwareIdentifier"]), "foreign");
				const { message } = await catchError(tenant.deploy(PRESS));
				assert.match(message, /another tenant \(806, ZtdDeviceAssignedToOtherTenant\)/);
				assert.doesNotMatch(message, /adopt/);
			},
			{ autopilot: { foreignCode: 806 } },
		),
	);
});

describe("A hardware hash", () => {
	const whole = generateHardwareHash(SERIAL);
	const bad: readonly (readonly [string, string, RegExp])[] = [
		["that was cut", generateHardwareHash(SERIAL, { uuid: Buffer.alloc(2900, 7) }).slice(0, 3000), /was cut/],
		["with a line break", `${whole.slice(0, 76)}\n${whole.slice(76)}`, /contains a line break/],
		["with a character of another alphabet", `${whole.slice(0, -4)}_-AA`, /not base64/],
		["that is base64 of other data", Buffer.alloc(3000, "x").toString("base64"), /not a hardware hash/],
	];
	for (const [what, hardwareIdentifier, says] of bad) {
		test(
			`${what} is refused before any request, and the message does not contain it`,
			withTenant(async (tenant) => {
				tenant.hashes.add(hardwareIdentifier);
				const error = await catchError(tenant.deploy({ ...PRESS, hardwareIdentifier }));
				assert.ok(error instanceof CheckFailed);
				assert.match(
					error.message,
					/^: hardwareIdentifier /,
					"Pulumi prints the value of a property that it is told of",
				);
				assert.match(error.message, says);
				assert.equal(error.message.includes(hardwareIdentifier.slice(0, 20)), false);
				assert.equal(tenant.requests.count(), 0);
			}),
		);
	}
	test(
		"that the service rejects at once is reported without the hash or a part of it",
		withTenant(async (tenant) => {
			const message = `Cannot convert the literal '${whole}' to the expected type 'Edm.Binary'.`;
			tenant.control.faults.add({ match: ASK.queue, action: { kind: "status", status: 400, message } });
			const error = await catchError(tenant.deploy(PRESS));
			assert.match(error.message, /importing machine "5CG1234ABC" failed: Cannot convert the literal/);
			assert.match(error.message, /400/);
			for (let at = 0; at < whole.length - 24; at += 24)
				assert.equal(error.message.includes(whole.slice(at, at + 24)), false);
		}),
	);
	test(
		"without its padding, as some machines report it, is sent with it",
		withTenant(async (tenant) => {
			const padded = generateHardwareHash(SERIAL, { size: 2999 });
			await tenant.deploy({ ...PRESS, hardwareIdentifier: padded.replace(/=+$/, "") });
			const [body] = tenant.bodies(ASK.queue);
			assert.equal(Object(body).hardwareIdentifier, padded);
		}),
	);
	test(
		"is sent to the service exactly as declared",
		withTenant(async (tenant) => {
			await tenant.deploy(PRESS);
			const [body] = tenant.bodies(ASK.queue);
			assert.equal(Object(body).hardwareIdentifier, whole);
		}),
	);
});

/** Lets the service answer with another state of the record, whatever its import came to. */
function answerWith(tenant: TenantStage, state: object): void {
	const spoil = () => {
		const [record] = tenant.listRecords();
		const body = { id: record?.id, serialNumber: SERIAL, state: { deviceRegistrationId: "", ...state } };
		const match = { method: "GET", path: `^${RECORDS}/` };
		tenant.control.faults.add({ match, action: { kind: "status", status: 200, body } });
	};
	tenant.control.faults.add({ match: ASK.queue, action: { kind: "run", run: spoil, when: "after" } });
}
