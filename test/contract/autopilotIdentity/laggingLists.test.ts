import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { type AutopilotSwitches, type Fault, generateHardwareHash } from "../../emulator/emulator.ts";
import { IdleClock } from "../harness/clocks.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, withTenant } from "./withTenant.ts";

/** How long lists lag in milliseconds, so that they catch up while an import is searched for, and not. */
const SHORT = 55_000;
const LONG = 600_000;

const SEARCHED =
	/^Autopilot: the response to one import was lost, and the import has been searched for \d+ s; the list may lag behind;/;

/** The strategies, each with the service that supports it and the path at which it queues imports. */
const STRATEGIES = [
	{ strategy: "live", profile: "live", queue: ASK.queue, records: 0 },
	{ strategy: "upload", profile: "seed", queue: ASK.queue, records: 1 },
	{
		strategy: "upload-rooted",
		profile: "seed",
		queue: { method: "POST", path: "/deviceIdentities$" },
		records: 1,
	},
] as const;

/** Runs a test with each strategy. */
function withEachStrategy(
	autopilot: Partial<AutopilotSwitches>,
	work: (tenant: TenantStage, given: (typeof STRATEGIES)[number]) => Promise<void>,
	{ records }: { readonly records?: number } = {},
): void {
	for (const given of STRATEGIES) {
		const { strategy, profile } = given;
		test(
			`with strategy ${strategy}`,
			withTenant((tenant) => work(tenant, given), {
				autopilot: { ...autopilot, profile },
				config: { "autopilot:strategy": strategy },
				records: records ?? given.records,
			}),
		);
	}
}

/** Counts the imports that were ever queued. */
function trackImports(tenant: TenantStage): () => number {
	const ids = new Set<string>();
	const look = (): void => {
		for (const { id } of tenant.listRecords()) ids.add(id);
	};
	tenant.control.onRequest(look);
	return () => {
		look();
		return ids.size;
	};
}

const LOSSES: readonly (readonly [string, Fault["action"]])[] = [
	["breaks off", { kind: "reset", when: "after" }],
	["is a gateway's timeout", { kind: "status", status: 504, when: "after" }],
	["is an error of the service", { kind: "status", status: 500, when: "after" }],
];

for (const [what, action] of LOSSES) {
	describe(`A response that ${what} while the list of imports lags does not lead to a second import`, () => {
		withEachStrategy({ listDelay: SHORT }, async (tenant, { queue }) => {
			tenant.control.faults.add({ match: queue, action });
			const countImports = trackImports(tenant);
			const resource = await tenant.deploy(PRESS);
			assert.equal(countImports(), 1);
			assert.equal(tenant.requests.count(queue), 1);
			assert.ok(tenant.words.said.length > 0 && tenant.words.said.every((text) => SEARCHED.test(text)));
			await assertMachineInStep(tenant, resource, PRESS);
		});
	});
}

describe("A run right after one that was killed, while the list of imports lags", () => {
	withEachStrategy({ listDelay: SHORT }, async (tenant, { strategy, queue }) => {
		await killAfterQueueing(tenant, queue);
		const resource = tenant.createResource();
		if (strategy === "live") await resource.up(PRESS);
		else {
			// These strategies keep the records of deployed machines, so the record proves nothing.
			assert.match((await catchError(resource.up(PRESS))).message, /exists already .*`adopt: true`/);
			await resource.up({ ...PRESS, adopt: true });
		}
		assert.equal(tenant.requests.count(queue), 2);
		assert.equal(tenant.control.machines.list().length, 1);
		await assertMachineInStep(tenant, resource, PRESS);
	});
});

describe("A list of imports that lags for longer than an import is searched for", () => {
	test(
		"leads to an error, and the next run recognizes the machine",
		withTenant(
			async (tenant) => {
				tenant.control.faults.add({ match: ASK.queue, action: { kind: "reset", when: "after" } });
				const resource = tenant.createResource();
				const before = tenant.clock.now();
				assert.match((await catchError(resource.up(PRESS))).message, /exists already/);
				assert.ok(tenant.clock.now() - before < 10 * 60_000, "the wait is bounded");
				tenant.pass(LONG);
				await resource.up(PRESS);
				assert.equal(tenant.control.machines.list().length, 1);
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ autopilot: { listDelay: LONG } },
		),
	);
});

describe("A batch of imports, while the list of imports lags", () => {
	const declareMachines = (count: number) =>
		Array.from({ length: count }, (_, at) => ({
			serialNumber: `S-${at}`,
			hardwareIdentifier: generateHardwareHash(`S-${at}`),
			groupTag: "Kiosk",
		}));

	/** Deploys machines at the same time, and returns the errors. */
	async function deployAll(tenant: TenantStage, machines: readonly object[]): Promise<unknown[]> {
		const shared = new IdleClock(tenant.control.clock);
		const life = tenant.open({ shared, network: shared.watch(createTransport()) }).autopilotIdentity;
		const done = await Promise.allSettled(machines.map((inputs) => life.create({ ...inputs })));
		return done.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
	}

	test(
		"whose response is lost is queued once",
		withTenant(
			async (tenant) => {
				tenant.control.faults.add({ match: ASK.queueMany, action: { kind: "reset", when: "after" } });
				const countImports = trackImports(tenant);
				assert.deepEqual(await deployAll(tenant, declareMachines(12)), []);
				assert.equal(countImports(), 12);
				assert.equal(tenant.control.machines.list().length, 12);
			},
			{ autopilot: { listDelay: SHORT } },
		),
	);
	test(
		"that is refused because of one is queued again without those that the service took",
		withTenant(
			async (tenant) => {
				const bad = {
					serialNumber: "bad",
					hardwareIdentifier: generateHardwareHash("bad"),
					groupTag: "too long",
				};
				const countImports = trackImports(tenant);
				const errors = await deployAll(tenant, [
					...declareMachines(10),
					bad,
					...declareMachines(20).slice(10),
				]);
				assert.match(
					String(errors),
					/^ServiceError: importing machine "bad" failed: The group tag must not be/,
				);
				assert.equal(errors.length, 1);
				assert.equal(countImports(), 20);
				assert.equal(tenant.control.machines.list().length, 20);
			},
			{ autopilot: { listDelay: SHORT, refusedImport: "before", groupTagLimit: 5 } },
		),
	);
	test(
		"whose import ids the service does not keep is matched by serial numbers",
		withTenant(
			async (tenant) => {
				assert.deepEqual(await deployAll(tenant, declareMachines(12)), []);
				assert.equal(tenant.control.machines.list().length, 12);
				assert.equal(tenant.requests.count(ASK.queueMany), 1);
			},
			{ autopilot: { listDelay: LONG, batchImportIds: "own" } },
		),
	);
});

describe("A list that still contains a removed", () => {
	test(
		"import record proves nothing: the machine may be somebody else's by now",
		withTenant(
			async (tenant) => {
				await tenant.deploy(PRESS);
				const { message } = await catchError(tenant.deploy(PRESS));
				assert.match(message, /exists already .*`adopt: true`/);
				await assertMachineInStep(tenant, await tenant.deploy({ ...PRESS, adopt: true }), {
					...PRESS,
					adopt: true,
				});
			},
			{ autopilot: { listRemovalDelay: LONG } },
		),
	);
	test(
		"import record and a deleted machine do not keep the machine from being registered again",
		withTenant(
			async (tenant) => {
				const first = await tenant.deploy(PRESS);
				const { id } = first.known;
				await first.destroy();
				const again = await tenant.deploy(PRESS);
				assert.notEqual(again.known.id, id);
				await assertMachineInStep(tenant, again, PRESS);
				const adopted = await tenant.deploy({ serialNumber: SERIAL, adopt: true });
				assert.equal(adopted.known.id, again.known.id, "the deleted one does not count");
			},
			{ autopilot: { listRemovalDelay: LONG, identityListRemovalDelay: LONG } },
		),
	);
});

test(
	"A machine that is not listed yet is adopted once its import reports that it exists",
	withTenant(
		async (tenant) => {
			await tenant.deploy(PRESS);
			const declared = { ...PRESS, adopt: true };
			const adopted = await tenant.deploy(declared);
			assert.equal(tenant.control.machines.list().length, 1);
			await assertMachineInStep(tenant, adopted, declared);
		},
		{ autopilot: { identityListDelay: 60_000 } },
	),
);

describe("A create whose engine was killed", () => {
	const isEngineRunning = async () => false;

	test(
		"and whose provider finished it, is recognized by the next run",
		withTenant(async (tenant) => {
			const { id } = (await tenant.deploy(PRESS, { isEngineRunning })).known;
			assert.equal(tenant.listRecords().length, 1);
			const next = await tenant.deploy(PRESS);
			assert.equal(next.known.id, id);
			assert.equal(tenant.requests.count(ASK.queue), 1);
			await assertMachineInStep(tenant, next, PRESS);
		}),
	);
	test(
		"is recognized although somebody changed a field that the program does not declare",
		withTenant(async (tenant) => {
			const { id } = (await tenant.deploy(PRESS, { isEngineRunning })).known;
			tenant.control.machines.change(id, { displayName: "FRONT-1" });
			const next = await tenant.deploy(PRESS);
			assert.deepEqual([next.known.id, tenant.getMachine(SERIAL).displayName], [id, "FRONT-1"]);
		}),
	);
	test(
		"and whose import failed, is imported again by the next run",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ error: "InvalidZtdHardwareHash" });
			const { message } = await catchError(tenant.deploy(PRESS, { isEngineRunning }));
			assert.match(message, /the hardware hash is invalid/);
			assert.equal(tenant.listRecords().length, 1);
			await assertMachineInStep(tenant, await tenant.deploy(PRESS), PRESS);
		}),
	);
});

/** Queues the machine's import in a process that is killed before it receives the response. */
async function killAfterQueueing(
	tenant: TenantStage,
	queue: (typeof STRATEGIES)[number]["queue"],
): Promise<void> {
	const { faults } = tenant.control;
	faults.add({ match: queue, times: "always", action: { kind: "hang", when: "after" } });
	void tenant
		.createResource()
		.up(PRESS)
		.catch(() => undefined);
	while (tenant.listRecords().length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
	faults.clear();
}
