import assert from "node:assert/strict";
import { type Declared, type Move, testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";
import {
	assertHashKept,
	assertRegistered,
	countImports,
	createSeedId,
	generateLongHash,
	getMachine,
	ROUTES,
	readStateMachines,
} from "./tenant.ts";

const [DESK, KIOSK] = ["DESK-1", "KIOSK 2"];
const ROOT = { root: locateProgram("machines") };

/** Registered machines are adopted at once, without waiting for an import. */
const MACHINES: Declared = {
	desk: {
		serialNumber: DESK,
		hardwareIdentifier: generateLongHash(DESK),
		groupTag: "Office",
		displayName: "desk-1",
		adopt: true,
	},
	kiosk: { serialNumber: KIOSK, hardwareIdentifier: generateLongHash(KIOSK), groupTag: "Lobby", adopt: true },
};

/** The first `up` adopts what somebody else registered. */
const ADOPT: Move = {
	run: "up",
	machines: MACHINES,
	meanwhile: ({ emulator }) =>
		void emulator.control.machines.seed([
			{
				id: createSeedId(1),
				serialNumber: DESK,
				hardwareIdentifier: generateLongHash(DESK),
				displayName: "old",
			},
			{
				id: createSeedId(2),
				serialNumber: KIOSK,
				hardwareIdentifier: generateLongHash(KIOSK),
				displayName: "theirs",
			},
		]),
	steps: ["create desk", "create kiosk"],
	see(seen) {
		assertRegistered(seen, seen.state);
		assert.equal(countImports(seen.requests), 0);
		assert.equal(getMachine(seen, KIOSK).displayName, "theirs", "undeclared fields stay as they are");
	},
};

testScenario(
	"machines that are switched on, get profiles and enroll show no difference",
	[
		ADOPT,
		{
			run: "refresh",
			options: { expectNoChanges: true },
			meanwhile({ emulator: { control } }) {
				control.machines.contact(createSeedId(1));
				control.machines.enrol(createSeedId(2));
				control.machines.change(createSeedId(1), { deploymentProfileAssignmentStatus: "pending" });
			},
			steps: [],
			see: ({ state }) => assertHashKept(state),
		},
		{ run: "preview", options: { expectNoChanges: true, refresh: true }, steps: [] },
		{
			run: "up",
			options: { expectNoChanges: true, refresh: true },
			steps: [],
			see: ({ state }) => assertHashKept(state),
		},
		{
			run: "destroy",
			exit: 1,
			options: { continueOnError: true },
			says: [
				/achine "KIOSK 2" was not deleted: it is enrolled in Intune \(managed device [0-9a-f-]+\)\. Retire, wipe or/,
			],
			steps: ["delete desk", "delete kiosk failed"],
			see: ({ state }) => assert.deepEqual(Object.keys(readStateMachines(state)), ["kiosk"]),
		},
		{
			run: "destroy",
			meanwhile: ({ emulator }) => void emulator.control.machines.unenrol(createSeedId(2)),
			steps: ["delete kiosk"],
		},
	],
	ROOT,
);

const TOLD = [
	/AutopilotIdentity DESK-1 \([0-9a-f-]+\) was changed outside Pulumi since the last deployment:/,
	/groupTag: "Office" at the last deployment, "Lab" now, "Office" declared/,
];

testScenario(
	"previews and refreshes report a declared field that somebody changed, and up reverts it",
	[
		ADOPT,
		{
			run: "preview",
			options: { expectNoChanges: true },
			meanwhile: ({ emulator }) =>
				void emulator.control.machines.change(createSeedId(1), {
					groupTag: "Lab",
					addressableUserName: "not ours",
				}),
			exit: 7,
			steps: ["update desk"],
			says: TOLD,
			see: ({ requests }) => assert.deepEqual(requests, { [ROUTES.signIn]: 1, [ROUTES.read]: 2 }),
		},
		{
			run: "preview",
			options: { expectNoChanges: true, refresh: true },
			exit: 7,
			steps: ["update desk"],
			says: TOLD,
			see: ({ state }) => assertHashKept(state),
		},
		{
			run: "refresh",
			options: { expectNoChanges: true, previewOnly: true },
			exit: 7,
			steps: ["refresh desk update"],
			says: TOLD,
		},
		{
			run: "refresh",
			steps: ["refresh desk update"],
			says: TOLD,
			see({ state }) {
				assertHashKept(state);
				const { inputs, outputs } = readStateMachines(state)["desk"] ?? {};
				assert.equal(outputs?.["groupTag"], "Lab", "state has the live value");
				assert.equal(inputs?.["groupTag"], "Office", "and the declared values, including the hash");
			},
		},
		{
			run: "up",
			steps: ["update desk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				const { groupTag, addressableUserName } = getMachine(seen, DESK);
				assert.deepEqual(
					{ groupTag, addressableUserName },
					{ groupTag: "Office", addressableUserName: "not ours" },
				);
			},
		},
		{ run: "refresh", options: { expectNoChanges: true }, steps: [] },
	],
	ROOT,
);

testScenario(
	"onDrift fail stops the run and writes nothing",
	[
		{ ...ADOPT, config: { "autopilot:onDrift": "fail" } },
		{ run: "up", machines: { desk: MACHINES["desk"] ?? {} }, steps: ["delete kiosk"] },
		{
			run: "up",
			meanwhile: ({ emulator }) =>
				void emulator.control.machines.change(createSeedId(1), { groupTag: "Lab" }),
			exit: 1,
			says: [...TOLD, /onDrift is "fail"/],
			see(seen) {
				assert.equal(seen.requests[ROUTES.change] ?? 0, 0);
				assert.equal(getMachine(seen, DESK).groupTag, "Lab");
			},
		},
	],
	ROOT,
);

testScenario(
	"a change between plan and write fails only that machine, and the next run resolves it",
	[
		ADOPT,
		{
			run: "up",
			machines: {
				desk: { ...MACHINES["desk"], groupTag: "Desk" },
				kiosk: { ...MACHINES["kiosk"], groupTag: "Kiosk" },
			},
			meanwhile({ emulator: { control } }) {
				let reads = 0;
				const stop = control.onRequest(({ method, path }) => {
					if (method !== "GET" || !path.endsWith(createSeedId(1)) || ++reads < 2) return;
					stop();
					control.machines.change(createSeedId(1), { groupTag: "Lab" });
				});
			},
			options: { continueOnError: true },
			exit: 1,
			says: [
				/AutopilotIdentity DESK-1 .* was changed by somebody else after this plan was made; nothing was written/,
				/groupTag: "Office" at the last deployment, "Lab" now, "Desk" declared/,
			],
			see(seen) {
				assert.equal(getMachine(seen, DESK).groupTag, "Lab");
				assert.equal(getMachine(seen, KIOSK).groupTag, "Kiosk", "the rest goes on");
			},
		},
		{
			run: "up",
			steps: ["update desk"],
			says: [/"Office" at the last deployment, "Lab" now, "Desk" declared/],
			see: (seen) => assertRegistered(seen, seen.state),
		},
	],
	ROOT,
);

testScenario(
	"a machine that somebody deleted is registered again, with the hash that the program still declares",
	[
		ADOPT,
		{
			run: "preview",
			options: { expectNoChanges: true },
			meanwhile: ({ emulator }) => void emulator.control.machines.remove(createSeedId(1)),
			exit: 7,
			says: [
				/AutopilotIdentity DESK-1 .*was deleted outside Pulumi since the last deployment; it will be created again/,
			],
		},
		{
			run: "refresh",
			meanwhile: ({ emulator }) => void emulator.control.machines.remove(createSeedId(2)),
			steps: ["refresh desk delete", "refresh kiosk delete"],
			see: ({ state }) => assert.deepEqual(readStateMachines(state), {}),
		},
		{
			run: "up",
			steps: ["create desk", "create kiosk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assertHashKept(seen.state);
				assert.notEqual(getMachine(seen, DESK).id, createSeedId(1));
			},
		},
		{
			run: "destroy",
			meanwhile: ({ emulator }) => void emulator.control.machines.remove(getMachine({ emulator }, DESK).id),
			steps: ["delete desk", "delete kiosk"],
			see: ({ emulator }) => assert.deepEqual(emulator.control.machines.list(), []),
		},
	],
	ROOT,
);
