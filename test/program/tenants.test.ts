import assert from "node:assert/strict";
import type { DriftReport } from "../../provider/cli/drift.report.ts";
import { OTHER_TENANT_ID, TENANT_ID } from "../emulator/emulator.ts";
import type { Deployment } from "../engine/index.ts";
import { getHubEnv, getTenantEnv, runDeviceIdentity, runInFolder, writeStateWithSecrets } from "./cli.ts";
import { testOnEngines } from "./engines.ts";
import { type Declared, type Seen, testScenario } from "./scenario.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";
import { assertRegistered, generateLongHash, getMachine, ROUTES, readStateMachines } from "./tenant.ts";

const MACHINES: Declared = {
	desk: { serialNumber: "DESK-1", hardwareIdentifier: generateLongHash("DESK-1"), groupTag: "Office" },
	kiosk: { serialNumber: "KIOSK-2", hardwareIdentifier: generateLongHash("KIOSK-2") },
};
const ALL_STEPS = (op: string) => ["desk", "kiosk"].map((name) => `${op} ${name}`);

const WRONG =
	/The machines of this stack belong to the Entra tenant 6e0d37a4-\S+, but the sign-in \(.*\) is to the tenant b1f7c6d2-\S+\. [\s\S]*\[WrongTenant\]/;

const signInElsewhere = ({ emulator }: Site): void => {
	emulator.control.signIn.tenantId = OTHER_TENANT_ID;
};
const signInAgain = ({ emulator }: Site): void => {
	emulator.control.signIn.tenantId = TENANT_ID;
};

/** Asserts that state still has both machines, that their tenant is unchanged, and that no request but the sign-in was sent. */
function assertUntouched({ state, requests, ...site }: Seen): void {
	assertRegistered(site, state);
	assert.deepEqual(listTenants(state), [TENANT_ID, TENANT_ID]);
	assert.deepEqual(Object.keys(requests), [ROUTES.signIn]);
	assert.deepEqual(site.emulator.control.otherTenantMachines.imports(), []);
}

function listTenants(state: Deployment): unknown[] {
	return Object.values(readStateMachines(state)).map(({ outputs }) => outputs?.["tenantId"]);
}

const STOPPED = { exit: 1, says: [WRONG], see: assertUntouched } as const;

testScenario(
	"a run that is signed in to another tenant stops, and forgets no machine",
	[
		{
			run: "up",
			machines: MACHINES,
			steps: ALL_STEPS("create"),
			see: ({ state }) => assert.deepEqual(listTenants(state), [TENANT_ID, TENANT_ID]),
		},
		{ run: "preview", meanwhile: signInElsewhere, options: { expectNoChanges: true }, ...STOPPED },
		{ run: "preview", options: { refresh: true }, ...STOPPED },
		{ run: "refresh", ...STOPPED },
		{ run: "up", machines: { ...MACHINES, kiosk: { ...MACHINES["kiosk"], groupTag: "Lab" } }, ...STOPPED },
		{ run: "up", machines: { desk: MACHINES["desk"] ?? {} }, ...STOPPED },
		{ run: "destroy", ...STOPPED },
		{
			run: "preview",
			machines: MACHINES,
			meanwhile: signInAgain,
			options: { expectNoChanges: true },
			steps: [],
		},
		{ run: "destroy", steps: ALL_STEPS("delete") },
	],
	// Parallel operations stop after the first error, and how many have begun is accidental.
	{ root: locateProgram("machines"), incomparable: "which machine's operation fails first" },
);

testScenario(
	"a state without the tenant is no change, and a refresh records it",
	[
		{
			run: "up",
			machines: MACHINES,
			meanwhile: ({ emulator }) => {
				emulator.control.signIn.isOpaque = true;
			},
			see: ({ state }) => assert.deepEqual(listTenants(state), [undefined, undefined]),
		},
		{
			run: "preview",
			meanwhile: ({ emulator }) => {
				emulator.control.signIn.isOpaque = false;
			},
			options: { expectNoChanges: true },
			steps: [],
		},
		{ run: "preview", options: { expectNoChanges: true, refresh: true } },
		{
			run: "refresh",
			see: ({ state }) => assert.deepEqual(listTenants(state), [TENANT_ID, TENANT_ID]),
		},
		{ run: "preview", options: { expectNoChanges: true, refresh: true }, steps: [] },
		{ run: "refresh", meanwhile: signInElsewhere, ...STOPPED },
	],
	{ root: locateProgram("machines"), incomparable: "which machine's operation fails first" },
);

testScenario(
	"a stack whose machines were moved to another tenant goes on there",
	[
		{ run: "up", machines: MACHINES },
		{
			run: "up",
			meanwhile: (site) => {
				signInElsewhere(site);
				for (const { id } of site.emulator.control.machines.list()) site.emulator.control.machines.remove(id);
			},
			config: { "autopilot:formerTenantId": TENANT_ID },
			see({ state, emulator }) {
				assert.deepEqual(listTenants(state), [OTHER_TENANT_ID, OTHER_TENANT_ID]);
				assert.equal(emulator.control.otherTenantMachines.list().length, 2);
			},
		},
		{
			run: "preview",
			config: { "autopilot:formerTenantId": undefined },
			options: { expectNoChanges: true },
			steps: [],
		},
		{ run: "destroy", steps: ALL_STEPS("delete") },
	],
	{ root: locateProgram("machines") },
);

testOnEngines("the command drift reports another tenant once, and no machine as deleted", (engine) =>
	runInFolder((folder) =>
		runAtSite(engine, { root: locateProgram("estate") }, async (site) => {
			const { stack, emulator } = site;
			emulator.control.machines.seed([{ serialNumber: "5CG-0" }]);
			await stack.setConfig("devices", "{}");
			const kiosk = { "5CG-1": { hardwareIdentifier: generateLongHash("5CG-1") } };
			await stack.setConfig("machines", { secret: JSON.stringify(kiosk) });
			const up = await stack.up();
			assert.equal(up.exitCode, 0, up.output);
			const file = await writeStateWithSecrets(folder, site);
			const report = () =>
				runDeviceIdentity(["drift", "--state", file, "--format", "json"], {
					...getHubEnv(site),
					...getTenantEnv(site),
				});
			assert.equal((await report()).code, 0);
			signInElsewhere(site);
			const { code, stdout } = await report();
			const { failed, drifted, machines, resources }: DriftReport = JSON.parse(stdout);
			assert.deepEqual([code, failed, drifted], [1, 2, 0]);
			assert.deepEqual([machines.unreadable, machines.deleted], [2, 0]);
			const messages = resources.map(({ message = "" }) => message);
			assert.equal(messages.filter((message) => WRONG.test(message)).length, 1, messages.join("\n"));
			assert.ok(getMachine(site, "5CG-0"));
		}),
	),
);
