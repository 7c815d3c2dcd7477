import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { type AutopilotSwitches, type Fault, generateHardwareHash } from "../../emulator/emulator.ts";
import { IdleClock } from "../harness/clocks.ts";
import { EntraToken } from "../subject/entraToken.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantOptions, TenantStage } from "../subject/tenantStage.ts";
import { ASK, withTenant } from "./withTenant.ts";

describe("Many machines at the same time", () => {
	test(
		"are searched, queued and polled with one request for each hundred of them",
		withTenant(async (tenant) => {
			assert.deepEqual(await deployAndCatch(tenant, declareMachines(100)), []);
			assert.equal(tenant.control.machines.list().length, 100);
			// One search and four reads, three of them while all imports are in progress; each time one record confirms the list. A machine
			// appears a second after its import, so the first read of each comes too early.
			assert.deepEqual(countRequests(tenant), {
				queue: 0,
				queueMany: 1,
				findRecord: 1 + 4,
				readRecord: 3,
				read: 200,
				discard: 100,
			});
		}),
	);
	test(
		"wait for a throttling service, and are queued once",
		withTenant(async (tenant) => {
			tenant.control.faults.add({ match: ASK.queueMany, action: { kind: "throttle", retryAfter: 23 } });
			assert.deepEqual(await deployAndCatch(tenant, declareMachines(12)), []);
			assert.equal(countRequests(tenant).queueMany, 2);
		}),
	);
	test(
		"are found by the run after an interrupted one",
		withTenant(async (tenant) => {
			const all = declareMachines(12);
			const { faults } = tenant.control;
			faults.add({ match: ASK.findRecord, nth: 2, times: "always", action: { kind: "hang" } });
			void deployAndCatch(tenant, all);
			while (tenant.requests.count(ASK.findRecord) < 2) await new Promise(setImmediate);
			faults.clear();
			assert.equal(tenant.listRecords().length, 12);
			tenant.requests.reset();
			assert.deepEqual(await deployAndCatch(tenant, all), []);
			assert.deepEqual([countRequests(tenant).queueMany, countRequests(tenant).queue], [0, 0]);
			assert.equal(tenant.control.machines.list().length, 12);
		}),
	);
});

describe("One machine of many", () => {
	for (const refusedImport of ["nothing", "before"] as const) {
		test(
			`whose row is refused fails alone if ${refusedImport === "nothing" ? "nothing" : "the rows before it"} was queued`,
			withTenant(
				async (tenant) => {
					const bad = { ...declareMachine("bad"), groupTag: "much too long" };
					const [error, ...others] = await deployAndCatch(tenant, [
						...declareMachines(10),
						bad,
						...declareMachines(10, "more"),
					]);
					assert.match(String(error), /importing machine "bad" failed: The group tag must not be longer/);
					assert.deepEqual(others, []);
					assert.equal(tenant.control.machines.list().length, 20);
					assert.ok(countRequests(tenant).queueMany + countRequests(tenant).queue <= 1 + 11 + 2);
				},
				{ autopilot: { refusedImport, groupTagLimit: 5 } },
			),
		);
	}
	test(
		"that is already registered fails alone",
		withTenant(async (tenant) => {
			tenant.control.machines.seed([{ serialNumber: "S-3" }]);
			const [error, ...others] = await deployAndCatch(tenant, declareMachines(10));
			assert.match(String(error), /AutopilotIdentity S-3 exists already/);
			assert.deepEqual(others, []);
			assert.equal(tenant.control.machines.list().length, 10);
			assert.equal(countRequests(tenant).queueMany, 1);
		}),
	);
	test(
		"with the hash of another machine fails alone",
		withTenant(async (tenant) => {
			const insist = { onSerialNumberMismatch: "accept" };
			const hardwareIdentifier = generateHardwareHash("S-0");
			const twin = { ...declareMachine("twin"), ...insist, hardwareIdentifier };
			const [error, ...others] = await deployAndCatch(tenant, [...declareMachines(3), twin]);
			assert.match(String(error), /importing machine "twin" failed: .*ZtdDeviceDuplicated/i);
			assert.deepEqual(others, []);
		}),
	);
	test(
		"that is declared twice is registered once, and the second resource fails because the first has it",
		withTenant(async (tenant) => {
			const [error, ...others] = await deployAndCatch(tenant, [...declareMachines(3), ...declareMachines(1)]);
			assert.match(String(error), /AutopilotIdentity S-0 is already in this stack: another resource has it/);
			assert.deepEqual(others, []);
			assert.equal(tenant.control.machines.list().length, 3);
		}),
	);
	test(
		"can have the serial number of another machine",
		withTenant(async (tenant) => {
			const blank = ["one", "two"].map((each) => ({
				serialNumber: "Default string",
				hardwareIdentifier: generateHardwareHash("Default string", { uuid: Buffer.from(each.padEnd(16)) }),
				groupTag: each,
			}));
			assert.deepEqual(await deployAndCatch(tenant, blank), []);
			const tags = tenant.control.machines.find("Default string").map(({ groupTag }) => groupTag);
			assert.deepEqual(tags.sort(), ["one", "two"]);
			assert.equal(countRequests(tenant).queueMany, 1);
		}),
	);
});

describe("A response to a batch of imports", () => {
	const losses: readonly (readonly [string, Fault["action"], number, number])[] = [
		["that is lost before the imports are queued", { kind: "reset" }, 1, 12],
		["that is lost after the imports are queued", { kind: "reset", when: "after" }, 1, 0],
		[
			"of a gateway that gave up after they were queued",
			{ kind: "status", status: 504, when: "after" },
			1,
			0,
		],
		["that is truncated", { kind: "truncate" }, 1, 0],
	];
	for (const [what, action, together, alone] of losses) {
		test(
			`${what} never leads to a second import`,
			withTenant(async (tenant) => {
				tenant.control.faults.add({ match: ASK.queueMany, action });
				const most = trackMostRecords(tenant);
				assert.deepEqual(await deployAndCatch(tenant, declareMachines(12)), []);
				assert.equal(most(), 12);
				assert.equal(tenant.control.machines.list().length, 12);
				assert.deepEqual([countRequests(tenant).queueMany, countRequests(tenant).queue], [together, alone]);
			}),
		);
	}
	test(
		"that omits some imports does not lead to a second import of them",
		withTenant(
			async (tenant) => {
				const most = trackMostRecords(tenant);
				assert.deepEqual(await deployAndCatch(tenant, declareMachines(10)), []);
				assert.equal(most(), 10);
				assert.deepEqual([countRequests(tenant).queueMany, countRequests(tenant).queue], [1, 0]);
			},
			{ autopilot: { importsNamed: 7 } },
		),
	);
	test(
		"that is always an error leads to single imports",
		withTenant(async (tenant) => {
			tenant.control.faults.add({
				match: ASK.queueMany,
				times: "always",
				action: { kind: "status", status: 500 },
			});
			assert.deepEqual(await deployAndCatch(tenant, declareMachines(12)), []);
			assert.deepEqual([countRequests(tenant).queueMany, countRequests(tenant).queue], [1, 12]);
		}),
	);
});

describe("A service", () => {
	const refusals: readonly (readonly [string, Fault["action"]])[] = [
		["accepts fewer imports at a time", { kind: "status", status: 413, code: "RequestEntityTooLarge" }],
		["has no action for a batch", { kind: "status", status: 400, code: "No method match route template" }],
	];
	for (const [what, action] of refusals) {
		test(
			`that ${what} receives smaller batches or single imports`,
			withTenant(async (tenant) => {
				tenant.control.faults.add({ match: ASK.queueMany, times: "always", action });
				assert.deepEqual(await deployAndCatch(tenant, declareMachines(5)), []);
				assert.deepEqual([countRequests(tenant).queueMany, countRequests(tenant).queue], [1, 5]);
			}),
		);
	}
	const lists: readonly (readonly [string, Partial<AutopilotSwitches>])[] = [
		["lags", { listDelay: 600_000 }],
		["omits the states of imports", { listBlanksStates: true }],
	];
	for (const [what, autopilot] of lists)
		test(
			`whose list ${what} receives one read for each import`,
			withTenant(
				async (tenant) => {
					assert.deepEqual(await deployAndCatch(tenant, declareMachines(5)), []);
					assert.equal(tenant.control.machines.list().length, 5);
					assert.ok(countRequests(tenant).readRecord >= 5);
				},
				{ autopilot },
			),
		);
	test(
		"whose list is longer than a page receives one search for each import",
		withTenant(
			async (tenant) => {
				const others = [1, 2, 3, 4, 5].map((at) => ({ serialNumber: `other ${at}` }));
				const { machines: control } = tenant.control;
				for (const { id } of control.seed(others)) control.leaveImport(id);
				assert.deepEqual(await deployAndCatch(tenant, declareMachines(5)), []);
				assert.equal(countRequests(tenant).queueMany, 1);
			},
			{ autopilot: { pageSize: 3 }, records: 5 },
		),
	);
	test(
		"that forbids imports receives one request, and the first machine reports the error",
		withTenant(async (tenant) => {
			const credential = new EntraToken(tenant.emulator, ["DeviceManagementServiceConfig.Read.All"]);
			const errors = await deployAndCatch(tenant, declareMachines(5), { credential });
			assertReportedOnce(errors, /^ServiceError: importing 5 machines failed: Application is not authorized/);
			assert.equal(countRequests(tenant).queueMany, 1);
		}),
	);
	test(
		"that requires a justification receives one request, and the first machine reports the error",
		withTenant(
			async (tenant) => {
				const errors = await deployAndCatch(tenant, declareMachines(5));
				assertReportedOnce(errors, /Set autopilot:approvalJustification/);
				assert.equal(countRequests(tenant).queueMany, 1);
			},
			{ autopilot: { multiAdminApproval: true } },
		),
	);
});

/** Asserts that one of five machines reports the reason, and that the others refer to it. */
function assertReportedOnce(errors: readonly unknown[], reason: RegExp): void {
	const [first, ...others] = errors.map(String);
	assert.match(first ?? "", reason);
	assert.equal(others.length, 4);
	for (const error of others)
		assert.match(
			error,
			/^RepeatedFault: importing machine "S-\d" failed: importing 5 machines failed for a reason/,
		);
}

/** The errors of machines that are created at the same time by one process; none for those that are registered. */
async function deployAndCatch(
	tenant: TenantStage,
	inputs: readonly Values[],
	options: TenantOptions = {},
): Promise<unknown[]> {
	const shared = new IdleClock(tenant.control.clock);
	const life = tenant.connect({ ...options, shared, network: shared.watch(createTransport()) });
	const errors = inputs.map(() => undefined as unknown);
	const works = inputs.map(async (each, at) => {
		await life.create(each).catch((error: unknown) => {
			errors[at] = error;
		});
	});
	await Promise.all(works);
	return errors.filter((error) => error !== undefined);
}

function declareMachines(count: number, prefix = "S"): Values[] {
	return Array.from({ length: count }, (_, at) => declareMachine(`${prefix}-${at}`));
}

function declareMachine(serialNumber: string): Values {
	return { serialNumber, hardwareIdentifier: generateHardwareHash(serialNumber), groupTag: "Kiosk" };
}

function countRequests({ requests }: TenantStage) {
	const of = (name: keyof typeof ASK) => requests.count(ASK[name]);
	return {
		queue: of("queue"),
		queueMany: of("queueMany"),
		findRecord: of("findRecord"),
		readRecord: of("readRecord"),
		read: of("read"),
		discard: of("discard"),
	};
}

/** The maximum number of import records at any request from now on. */
function trackMostRecords(tenant: TenantStage): () => number {
	let most = 0;
	tenant.control.onRequest(() => {
		most = Math.max(most, tenant.listRecords().length);
	});
	return () => most;
}
