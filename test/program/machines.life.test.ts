import assert from "node:assert/strict";
import { type Declared, type Seen, testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";
import {
	assertHashKept,
	assertNoHash,
	assertRegistered,
	countImports,
	createSeedId,
	generateLongHash,
	getMachine,
	ROUTES,
	readStateMachines,
} from "./tenant.ts";

const DESK = "DESK-1";
const HASHES = [
	generateLongHash(DESK),
	generateLongHash("KIOSK 2"),
	generateLongHash("bare3"),
	generateLongHash(DESK, 2),
] as const;

const MACHINES: Declared = {
	desk: {
		serialNumber: DESK,
		hardwareIdentifier: HASHES[0],
		groupTag: "Office",
		assignedUserPrincipalName: "ada@contoso.example",
		addressableUserName: "Ada",
	},
	kiosk: { serialNumber: "KIOSK 2", hardwareIdentifier: HASHES[1], displayName: "kiosk-2" },
	bare: { serialNumber: "bare3", hardwareIdentifier: HASHES[2], productKey: "00331-10000-00001-AA000" },
};

const NAMES = Object.keys(MACHINES);

/**
 * Pulumi's own log, on standard error. It contains the secrets of any program: from level 9 every value of every
 * resource, and in a preview from level 3 what was registered.
 */
const LOUD = { PULUMI_OPTION_LOGTOSTDERR: "true", PULUMI_OPTION_VERBOSE: "8" };

/** Asserts that a hash is only where it belongs, whatever the operation. */
function assertSecret({ outcome, state }: Seen): void {
	assertHashKept(state);
	assertNoHash(HASHES, JSON.stringify(state));
	assertNoHash(HASHES, outcome.stdout);
	assertNoHash(HASHES, outcome.stderr);
	assertNoHash(HASHES, JSON.stringify([outcome.diagnostics, outcome.operations, outcome.outputs]));
}

testScenario(
	"machines are created, changed, replaced and deleted",
	[
		{
			run: "preview",
			machines: MACHINES,
			steps: NAMES.map((name) => `create ${name}`),
			see(seen) {
				assert.deepEqual(Object.keys(seen.requests), ["GET /_identity/token"], "a preview signs in");
				assertSecret(seen);
			},
		},
		{
			run: "up",
			options: { env: LOUD },
			steps: NAMES.map((name) => `create ${name}`),
			see(seen) {
				assertRegistered(seen, seen.state);
				assertSecret(seen);
				assert.ok(
					[1, 2, 3].includes(countImports(seen.requests)),
					"each request has the machines that were queued together",
				);
				assert.equal(getMachine(seen, "KIOSK 2").displayName, "kiosk-2");
				assert.equal(getMachine(seen, DESK).addressableUserName, "Ada");
				assert.equal(getMachine(seen, "bare3").productKey, "00331-10000-00001-AA000");
				assert.equal(getMachine(seen, "bare3").hardwareIdentifier, HASHES[2]);
			},
		},
		{
			run: "up",
			options: { expectNoChanges: true, env: LOUD },
			steps: [],
			see(seen) {
				assertSecret(seen);
				assert.deepEqual(seen.requests, { [ROUTES.signIn]: 1, [ROUTES.read]: NAMES.length });
			},
		},
		{
			run: "up",
			options: { env: LOUD },
			machines: {
				...MACHINES,
				desk: { ...MACHINES["desk"], hardwareIdentifier: HASHES[3] },
				kiosk: { ...MACHINES["kiosk"], groupTag: "Lobby", displayName: "lobby-1" },
			},
			steps: ["update kiosk", "replace desk", "delete-replaced desk", "create-replacement desk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assertSecret(seen);
				const { groupTag, displayName } = getMachine(seen, "KIOSK 2");
				assert.deepEqual({ groupTag, displayName }, { groupTag: "Lobby", displayName: "lobby-1" });
				assert.equal(getMachine(seen, DESK).hardwareIdentifier, HASHES[3]);
				const replaced = seen.outcome.operations.find(({ op }) => op === "replace");
				assert.deepEqual(replaced?.replaceKeys, ["hardwareIdentifier"]);
			},
		},
		{
			run: "up",
			machines: {
				kiosk: { serialNumber: "KIOSK 2", hardwareIdentifier: HASHES[1], groupTag: "Lobby" },
				bare: { ...MACHINES["bare"], groupTag: "Lab" },
			},
			steps: ["delete desk", "update kiosk", "update bare"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.equal(getMachine(seen, "bare3").groupTag, "Lab");
				assert.equal(
					getMachine(seen, "KIOSK 2").displayName,
					"",
					"values that are no longer declared are cleared",
				);
			},
		},
		{
			run: "destroy",
			options: { env: LOUD },
			steps: ["delete kiosk", "delete bare"],
			see(seen) {
				assertSecret(seen);
				assert.deepEqual(seen.emulator.control.machines.list(), []);
			},
		},
	],
	{ root: locateProgram("machines") },
);

testScenario(
	"a machine that is only read is refreshed from the tenant, and never changed or deleted",
	[
		{
			run: "up",
			machines: { theirs: { read: createSeedId(1) } },
			meanwhile: ({ emulator }) =>
				void emulator.control.machines.seed([
					{ id: createSeedId(1), serialNumber: DESK, groupTag: "Theirs" },
				]),
			steps: ["read theirs"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.deepEqual(seen.outcome.outputs["groupTags"], { theirs: "Theirs" });
				assert.equal(readStateMachines(seen.state)["theirs"]?.external, true);
			},
		},
		{
			run: "up",
			meanwhile: ({ emulator }) =>
				void emulator.control.machines.change(createSeedId(1), { groupTag: "Ours" }),
			see: ({ outcome }) => assert.deepEqual(outcome.outputs["groupTags"], { theirs: "Ours" }),
		},
		{
			run: "destroy",
			see: ({ emulator }) => assert.equal(emulator.control.machines.list().length, 1),
		},
	],
	{ root: locateProgram("machines") },
);

testScenario(
	"one program declares devices of a hub and machines of a tenant, and each service gets only its own",
	[
		{
			run: "up",
			declare: { pump: { status: "enabled" } },
			machines: {
				desk: { serialNumber: DESK, hardwareIdentifier: HASHES[0], adopt: true, groupTag: "Office" },
			},
			meanwhile: ({ emulator }) =>
				void emulator.control.machines.seed([{ serialNumber: DESK, hardwareIdentifier: HASHES[0] }]),
			steps: ["create pump", "create desk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.equal(seen.emulator.control.devices.get("pump")?.status, "enabled");
				assert.deepEqual(Object.keys(seen.outcome.outputs).sort(), [
					"connections",
					"groupTags",
					"registrations",
				]);
			},
		},
		{
			run: "up",
			meanwhile({ emulator }) {
				emulator.control.devices.change("pump", { status: "disabled" });
				for (const { id } of emulator.control.machines.list())
					emulator.control.machines.change(id, { groupTag: "Lab" });
			},
			says: [
				/DeviceIdentity pump was changed outside Pulumi/,
				/AutopilotIdentity DESK-1 .*was changed outside Pulumi/,
			],
			steps: ["update pump", "update desk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.equal(seen.emulator.control.devices.get("pump")?.status, "enabled");
			},
		},
		{
			run: "destroy",
			steps: ["delete pump", "delete desk"],
			see({ emulator }) {
				assert.deepEqual(emulator.control.devices.list(), []);
				assert.deepEqual(emulator.control.machines.list(), []);
			},
		},
	],
	{ root: locateProgram("both") },
);
