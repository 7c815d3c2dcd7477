import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type Fault, generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, withTenant } from "./withTenant.ts";

const MINUTE = 60_000;

/** A create that needs more than an import: the display name is set afterwards. */
const NAMED = { ...PRESS, displayName: "FRONT-1" };

/** What a killed process waits for: its end comes with that of all tests, for its time limits would keep this process alive. */
let end: (reason: Error) => void = () => undefined;
const death = new Promise<never>((_, reject) => {
	end = reject;
});
death.catch(() => undefined);
after(() => end(new Error("the tests are over")));

/** What is reported if the list does not have an import at once. */
const SEARCHED =
	"Autopilot: the response to one import was lost, and the import has been searched for 14 s; the list may lag behind; an import " +
	"that is not found within a minute is queued again";

describe("An import that takes longer than the timeout of a create", () => {
	test(
		"is not lost: the next run waits for the same import",
		withTenant(
			async (tenant) => {
				const resource = tenant.createResource({ timeout: "2m" });
				const { message } = await catchError(resource.up(PRESS));
				assert.match(message, /^Importing machine "5CG1234ABC" .*gave up after 120 s/);
				assert.match(message, /Nothing is lost: run the command again/);
				assert.match(message, /autopilot:timeouts/);
				assert.equal(resource.state, undefined);
				assert.equal(tenant.listRecords().length, 1);
				for (let runs = 1; resource.state === undefined && runs < 9; runs++) {
					await resource.up(PRESS).catch(() => undefined);
				}
				assert.equal(tenant.requests.count(ASK.queue), 1);
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ autopilot: { importDelay: 10 * MINUTE } },
		),
	);
});

describe("A create that is killed", () => {
	for (const [what, declared, requests] of [
		["with an import alone", PRESS, 9],
		["with a name", NAMED, 11],
	] as const) {
		test(
			`${what}, killed at any of its requests, is completed by the next run with one machine, one import and no record`,
			withTenant(async (tenant) => {
				for (let at = 1; at <= requests; at++) {
					await killAndResume(tenant, { declared, at });
					assert.equal(tenant.requests.count(ASK.queue), 1, `imports queued when killed at request ${at}`);
					await startOver(tenant);
				}
				tenant.requests.reset();
				await tenant.deploy(declared);
				assert.equal(tenant.requests.count(), requests);
			}),
		);
	}
	for (const [strategy, requests] of [
		["upload", 8],
		["upload-rooted", 9],
	] as const) {
		test(
			`with strategy ${strategy}, killed at any of its requests, is completed by the next run, or adopted if the import has ended`,
			withTenant(
				async (tenant) => {
					const adopted: number[] = [];
					for (let at = 1; at <= requests; at++) {
						await killAt(tenant, { declared: PRESS, at });
						const resource = tenant.createResource();
						const error = await resource.up(PRESS).then(
							() => undefined,
							(reason: unknown) => reason,
						);
						if (error !== undefined) {
							assert.match(String(error), /exists already .*`adopt: true`/);
							await resource.up({ ...PRESS, adopt: true });
							adopted.push(at);
						}
						assert.equal(tenant.listRecords().length, 1, `records when killed at request ${at}`);
						assert.equal(tenant.requests.count({ method: "POST", path: "entities$|entities/?$" }), 1);
						await assertMachineInStep(tenant, resource, PRESS);
						await resource.destroy();
						await startOver(tenant);
					}
					const ended = [requests - 2, requests - 1, requests];
					assert.deepEqual(adopted, ended, "killed from the look on that showed the import complete");
				},
				{ autopilot: { profile: "seed" }, config: { "autopilot:strategy": strategy } },
			),
		);
	}
	test(
		"during the removal of its record leaves a machine that the next run reports as adoptable",
		withTenant(async (tenant) => {
			const resource = tenant.createResource();
			tenant.control.faults.add({
				match: ASK.discard,
				times: "always",
				action: { kind: "hang", when: "after" },
			});
			void resource.up(PRESS).catch(() => undefined);
			await waitUntil(() => tenant.requests.count(ASK.discard) === 1);
			tenant.control.faults.clear();
			const next = tenant.createResource();
			const { message } = await catchError(next.up(PRESS));
			assert.match(message, /exists already/);
			await next.up({ ...PRESS, adopt: true });
			await assertMachineInStep(tenant, next, { ...PRESS, adopt: true });
			assert.equal(tenant.control.machines.list().length, 1);
		}),
	);
});

describe("A queued import whose response is lost", () => {
	const losses: readonly (readonly [string, Fault["action"]])[] = [
		["before it is queued", { kind: "reset" }],
		["after it is queued", { kind: "reset", when: "after" }],
		["because of a gateway timeout after it is queued", { kind: "status", status: 504, when: "after" }],
	];
	for (const [what, action] of losses) {
		test(
			`${what} is queued once`,
			withTenant(async (tenant) => {
				tenant.control.faults.add({ match: ASK.queue, action });
				let most = 0;
				tenant.control.onRequest(() => {
					most = Math.max(most, tenant.listRecords().length);
				});
				const resource = await tenant.deploy(PRESS);
				assert.equal(most, 1);
				const isSearchedFor = !("when" in action);
				assert.deepEqual(tenant.words.listTexts(), isSearchedFor ? [SEARCHED] : []);
				await assertMachineInStep(tenant, resource, PRESS);
			}),
		);
	}
	for (const [what, action] of losses) {
		test(
			`${what} is not confused with another machine that has the same serial number`,
			withTenant(async (tenant) => {
				const [other] = tenant.control.machines.seed([
					{ serialNumber: SERIAL, hardwareIdentifier: generateHardwareHash("other") },
				]);
				tenant.control.faults.add({ match: ASK.queue, action });
				const resource = await tenant.deploy(PRESS);
				assert.notEqual(resource.known.id, other?.id);
				assert.equal(tenant.control.machines.list().length, 2);
				await assertMachineInStep(tenant, resource, PRESS);
			}),
		);
	}
	test(
		"is reported if it cannot be searched, and the next run finds it",
		withTenant(async (tenant) => {
			const { faults } = tenant.control;
			const failReads = () =>
				void faults.add({
					match: { method: "GET" },
					times: "always",
					action: { kind: "status", status: 500 },
				});
			faults.add({ match: ASK.queue, action: { kind: "run", run: failReads, when: "after" } });
			faults.add({ match: ASK.queue, action: { kind: "reset", when: "after" } });
			const resource = tenant.createResource();
			assert.match((await catchError(resource.up(PRESS))).message, /may or may not have been imported/);
			faults.clear();
			await resource.up(PRESS);
			assert.equal(tenant.requests.count(ASK.queue), 1);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
});

describe("The record of an earlier import of the same machine", () => {
	test(
		"that ended in an error is removed, and the machine is imported",
		withTenant(async (tenant) => {
			const { machines, faults } = tenant.control;
			machines.failImport({ error: "InvalidZtdHardwareHash" });
			faults.add({ match: ASK.discard, times: "always", action: { kind: "status", status: 400 } });
			await catchError(tenant.deploy(PRESS));
			assert.equal(tenant.listRecords().length, 1);
			faults.clear();
			const resource = await tenant.deploy(PRESS);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
	test(
		"whose machine is deleted is removed, and the machine is imported",
		withTenant(async (tenant) => {
			await leaveImportBehind(tenant);
			const { id } = tenant.getMachine(SERIAL);
			tenant.control.machines.remove(id);
			const resource = await tenant.deploy(PRESS);
			assert.notEqual(resource.known.id, id);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
	test(
		"whose machine exists returns that machine, updated to the current declaration",
		withTenant(async (tenant) => {
			await leaveImportBehind(tenant);
			const { id } = tenant.getMachine(SERIAL);
			const declared = { ...PRESS, groupTag: "Front desk" };
			const resource = await tenant.deploy(declared);
			assert.equal(resource.known.id, id);
			assert.equal(tenant.requests.count(ASK.queue), 1);
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"is removed when the machine is adopted",
		withTenant(async (tenant) => {
			await leaveImportBehind(tenant);
			const declared = { ...PRESS, adopt: true };
			await assertMachineInStep(tenant, await tenant.deploy(declared), declared);
		}),
	);
	test(
		"is not changed if it belongs to somebody else",
		withTenant(
			async (tenant) => {
				const [other] = tenant.control.machines.seed([
					{ serialNumber: SERIAL, hardwareIdentifier: generateHardwareHash("other") },
				]);
				const record = tenant.control.machines.leaveImport(String(other?.id));
				const resource = await tenant.deploy(PRESS);
				assert.notEqual(resource.known.id, other?.id);
				assert.deepEqual(
					tenant.listRecords().map(({ id }) => id),
					[record.id],
				);
			},
			{ records: 1 },
		),
	);
});

/** Kills a create and completes it in a new process that does not know of it. */
async function killAndResume(
	tenant: TenantStage,
	kill: { declared: typeof PRESS; at: number },
): Promise<void> {
	await killAt(tenant, kill);
	const { declared, at } = kill;
	const resource = await tenant.deploy(declared);
	assert.equal(tenant.control.machines.list().length, 1, `machines when killed at request ${at}`);
	assert.deepEqual(tenant.listRecords(), [], `records when killed at request ${at}`);
	await assertMachineInStep(tenant, resource, declared);
}

/** The process is gone at its n-th request, before the service saw it. */
async function killAt(
	tenant: TenantStage,
	{ declared, at }: { declared: typeof PRESS; at: number },
): Promise<void> {
	let sent = 0;
	const { token } = tenant;
	const credential = token.replaceHeader(() => {
		sent += 1;
		return sent < at ? token.getAuthorizationHeader() : death;
	});
	void tenant
		.createResource({ credential })
		.up(declared)
		.catch(() => undefined);
	await waitUntil(() => sent >= at);
}

async function startOver(tenant: TenantStage): Promise<void> {
	for (const { id } of tenant.control.machines.list()) tenant.control.machines.remove(id);
	tenant.requests.reset();
}

/** Imports the machine and is killed before the record is removed. */
async function leaveImportBehind(tenant: TenantStage): Promise<void> {
	const { faults } = tenant.control;
	faults.add({ match: ASK.discard, times: "always", action: { kind: "hang" } });
	void tenant.deploy(PRESS).catch(() => undefined);
	await waitUntil(() => tenant.requests.count(ASK.discard) === 1);
	faults.clear();
	assert.equal(tenant.listRecords().length, 1);
}

/** Waits, in real time, for what another process does. */
async function waitUntil(isSo: () => boolean): Promise<void> {
	while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}
