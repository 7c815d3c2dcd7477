import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { IdleClock } from "../harness/clocks.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const PLACEHOLDER = "Default string";
const ADA = "ada@contoso.com";
const BOB = "bob@contoso.com";

/** Declares machines with these serial numbers, each with a hash and a group tag of its own. */
const declareAll = (serialNumbers: readonly string[]): Values[] =>
	serialNumbers.map((serialNumber, at) => ({
		serialNumber,
		hardwareIdentifier: generateHardwareHash(serialNumber, { uuid: Buffer.alloc(16, at + 1) }),
		groupTag: `Tag ${at}`,
	}));

/** Deploys machines at the same time in one process, and asserts that each got the registration of its own hash. */
async function deployTogether(tenant: TenantStage, declared: readonly Values[]): Promise<void> {
	const shared = new IdleClock(tenant.control.clock);
	const service = tenant.open({ shared, network: shared.watch(createTransport()) });
	const resources = declared.map(() => new Resource(() => service.autopilotIdentity));
	await Promise.all(resources.map((resource, at) => resource.up(declared[at] ?? {})));
	assert.equal(tenant.control.machines.list().length, declared.length);
	for (const [at, resource] of resources.entries()) {
		const machine = tenant.control.machines.get(resource.known.id);
		assert.equal(machine?.hardwareIdentifier, declared[at]?.["hardwareIdentifier"]);
		assert.equal(machine?.groupTag, declared[at]?.["groupTag"]);
	}
}

for (const ids of ["own", "none"] as const)
	describe(`Imports whose ids the service replaces by ${ids}`, () => {
		const keepNoIds = { batchImportIds: ids, singleImportIds: ids } as const;
		const IMPORTS = { ...ASK.queueMany };
		test(
			"are sent together once, even if all have one placeholder serial number",
			withTenant(
				async (tenant) => {
					await deployTogether(tenant, declareAll(Array.from({ length: 6 }, () => PLACEHOLDER)));
					assert.deepEqual([tenant.requests.count(IMPORTS), tenant.requests.count(ASK.queue)], [1, 0]);
				},
				{ autopilot: keepNoIds },
			),
		);
		test(
			"are each sent alone if the response does not show them, and never together again",
			withTenant(
				async (tenant) => {
					await deployTogether(tenant, declareAll(["S-1", "S-2", "S-3", "S-4"]));
					assert.deepEqual([tenant.requests.count(IMPORTS), tenant.requests.count(ASK.queue)], [1, 3]);
					for (const { id } of tenant.listRecords()) tenant.control.machines.removeImport(id);
				},
				{ autopilot: { ...keepNoIds, importsNamed: 1 } },
			),
		);
		test(
			"are found after a lost response, and the machine is registered once",
			withTenant(
				async (tenant) => {
					tenant.control.faults.add({ match: ASK.queue, action: { kind: "reset", when: "after" } });
					const resource = await tenant.deploy(PRESS);
					assert.equal(tenant.control.machines.list().length, 1);
					await assertMachineInStep(tenant, resource, PRESS);
				},
				{ autopilot: keepNoIds },
			),
		);
		test(
			"are not recognized by the next run, and the error of the interrupted one says what to do",
			withTenant(
				async (tenant) => {
					const { message } = await catchError(tenant.deploy(PRESS, { timeout: "30s" }));
					assert.match(
						message,
						/\[?Run the command again; if the machine is registered by then, set `adopt: true`/,
					);
					tenant.pass(60_000);
					assert.match(
						(await catchError(tenant.deploy(PRESS))).message,
						/exists already .*set `adopt: true`/,
					);
					const declared = { ...PRESS, adopt: true };
					await assertMachineInStep(tenant, await tenant.deploy(declared), declared);
				},
				{ autopilot: keepNoIds, records: 1 },
			),
		);
		test(
			"are not confused with those of another tool, which existed before",
			withTenant(
				async (tenant) => {
					const [machine] = tenant.control.machines.seed([PRESS as { serialNumber: string }]);
					tenant.control.machines.leaveImport(machine?.id ?? "");
					tenant.control.faults.add({ match: ASK.queue, action: { kind: "reset" } });
					const { message } = await catchError(tenant.deploy(PRESS));
					assert.match(message, /exists already/);
				},
				{ autopilot: keepNoIds, records: 1 },
			),
		);
	});

describe("The imports of a machine with a placeholder serial number", () => {
	const [declared = {}] = declareAll([PLACEHOLDER]);
	for (const importIdFilter of ["accept", "reject"] as const)
		test(
			`are found by their id if the service ${importIdFilter}s that filter, or in the list`,
			withTenant(
				async (tenant) => {
					tenant.control.faults.add({ match: ASK.queue, action: { kind: "reset", when: "after" } });
					await tenant.deploy(declared);
					assert.equal(tenant.control.machines.list().length, 1);
					const filters = tenant.requests.list(ASK.findRecord).map(({ query }) => query["$filter"] ?? "");
					assert.ok(filters.some((filter) => filter.startsWith("importId eq '")));
					assert.equal(
						filters.some((filter) => filter.startsWith("contains(")),
						importIdFilter === "reject",
					);
				},
				{ autopilot: { importIdFilter } },
			),
		);
});

/** Returns the messages about users that are not shown. */
const listNotes = (tenant: TenantStage): string[] =>
	tenant.words.said.filter((text) => text.includes("shows none"));

for (const [strategy, setup] of [
	["live", {}],
	["upload", { ...UPLOAD, records: 1 }],
] as const)
	describe(`A tenant that never shows users, with strategy ${strategy}`, () => {
		const withBlankUsers = (work: (tenant: TenantStage) => Promise<void>) =>
			withTenant(work, { ...setup, autopilot: { ...Object(setup).autopilot, readUsers: "blank" } });
		const declared = { ...PRESS, assignedUserPrincipalName: ADA };
		test(
			"has no drift after a user was accepted, which is reported once",
			withBlankUsers(async (tenant) => {
				const resource = await tenant.deploy(declared);
				assert.equal(tenant.getMachine(SERIAL).userPrincipalName, ADA);
				assert.equal(listNotes(tenant).length, 1);
				await assertMachineInStep(tenant, resource, declared);
				await resource.refresh();
				await assertMachineInStep(tenant, resource, declared);
				tenant.requests.reset();
				await resource.up({ ...declared, groupTag: "Lab" });
				assert.equal(tenant.requests.list().filter(({ method }) => method !== "GET").length, 1);
				await assertMachineInStep(tenant, resource, { ...declared, groupTag: "Lab" });
				await resource.up({ ...declared, assignedUserPrincipalName: BOB });
				assert.equal(tenant.getMachine(SERIAL).userPrincipalName, BOB);
				await resource.up({ ...PRESS, assignedUserPrincipalName: "" });
				assert.equal(tenant.getMachine(SERIAL).userPrincipalName, "");
				await assertMachineInStep(tenant, resource, { ...PRESS, assignedUserPrincipalName: "" });
			}),
		);
		test(
			"has drift once it shows another user, and none if it shows the declared one",
			withBlankUsers(async (tenant) => {
				const resource = await tenant.deploy(declared);
				tenant.control.machines.change(resource.known.id, { groupTag: "Theirs" });
				assert.equal((await resource.plan(declared)).step, "update");
				assert.doesNotMatch(tenant.words.said.at(-1) ?? "", /assignedUserPrincipalName/);
				await resource.up(declared);
				tenant.control.machines.switches.readUsers = "shown";
				assert.equal((await resource.plan(declared)).step, "same");
				tenant.control.machines.change(resource.known.id, { userPrincipalName: BOB });
				assert.equal((await resource.plan(declared)).step, "update");
				assert.match(tenant.words.said.at(-1) ?? "", /assignedUserPrincipalName.*bob@contoso\.com/s);
				await resource.up(declared);
				tenant.control.machines.change(resource.known.id, { userPrincipalName: "" });
				assert.equal((await resource.plan(declared)).step, "update");
			}),
		);
	});

test(
	"A fleet in a tenant that never shows users has no drift, and the note is one for all machines",
	withTenant(
		async (tenant) => {
			const machines = Object.fromEntries(
				declareAll(["S-1", "S-2", "S-3"]).map((member) => [
					String(member["serialNumber"]),
					{ ...member, assignedUserPrincipalName: ADA },
				]),
			);
			const fleet = new Resource(() => tenant.words.listenTo(tenant.open().autopilotFleet));
			const declared = { machines: JSON.stringify(machines) };
			await fleet.up(declared);
			assert.equal(listNotes(tenant).length, 1);
			assert.equal(await fleet.up(declared), "same");
			await fleet.refresh();
			assert.equal(await fleet.up(declared), "same");
		},
		{ autopilot: { readUsers: "blank" } },
	),
);

describe("A machine without a serial number in the tenant's list", () => {
	test(
		"prevents neither the adoption nor the lookup of others",
		withTenant(
			async (tenant) => {
				const [nameless] = tenant.control.machines.seed([{ serialNumber: "" }, { serialNumber: SERIAL }]);
				const declared = { serialNumber: SERIAL, adopt: true };
				await assertMachineInStep(tenant, await tenant.deploy(declared), declared);
				const listed = await tenant.open().functions.listMachines({});
				assert.equal(listed.length, 2);
				const found = await tenant.open().functions.getMachine({ id: nameless?.id ?? "" });
				assert.equal(found["id"], nameless?.id);
				const { machines, skipped } = (await tenant.open().findAdoptable({})).toResources();
				assert.deepEqual(
					machines.map(({ name }) => name),
					[SERIAL],
				);
				assert.deepEqual(
					skipped.map(({ id }) => id),
					[nameless?.id],
				);
				assert.match(skipped[0]?.reason ?? "", /serialNumber|serial number/);
			},
			{ autopilot: { unsetSerials: "null", listBlanks: true, identityFilter: "none" } },
		),
	);
});

describe("An import that never ends", () => {
	test(
		"is named with its record, and the next run imports the machine again once the record is deleted",
		withTenant(
			async (tenant) => {
				const { message } = await catchError(tenant.deploy(PRESS, { timeout: "600s" }));
				const [{ id = "?" } = {}] = tenant.listRecords();
				assert.ok(message.includes(`(record ${id}, for 10 min in this run)`), message);
				assert.ok(message.includes(`delete record ${id} of Graph's imported`), message);
				tenant.control.machines.removeImport(id);
				tenant.control.machines.switches.importDelay = 45_000;
				await assertMachineInStep(tenant, await tenant.deploy(PRESS), PRESS);
			},
			{ autopilot: { importDelay: 86_400_000 } },
		),
	);
});
