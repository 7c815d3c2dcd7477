import assert from "node:assert/strict";
import type { Deployment, Json } from "../engine/index.ts";
import { type Declared, type Seen, testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";
import { assertNoHash, generateLongHash, getMachine, ROUTES } from "./tenant.ts";

const NAMES = ["LOBBY-1", "LOBBY-2", "LOBBY-3", "LOBBY 4"];
const AGAIN = generateLongHash("LOBBY-2", 2);
const HASHES = [...NAMES.map((name) => generateLongHash(name)), generateLongHash("GATE-1"), AGAIN];

const KIOSKS: Declared = Object.fromEntries(
	NAMES.map((name) => [name, { hardwareIdentifier: generateLongHash(name) }]),
);

const { "LOBBY-3": _, ...KEPT } = KIOSKS;

const CHANGED: Declared = {
	...KEPT,
	"LOBBY-1": { hardwareIdentifier: generateLongHash("LOBBY-1"), groupTag: "Lobby" },
	"LOBBY-2": { hardwareIdentifier: AGAIN },
	"GATE-1": { hardwareIdentifier: generateLongHash("GATE-1") },
};

const CHANGES =
	/1 machine to create \(GATE-1\), 1 to change, 1 to replace \(LOBBY-2\), 1 to delete \(LOBBY-3\):\s+groupTag: LOBBY-1/;

/** Returns the fleet in state. */
function findFleet({ deployment: { resources = [] } }: Deployment): {
	inputs: Readonly<Record<string, Json>>;
	outputs: Readonly<Record<string, Json>>;
} {
	const fleets = resources.filter(({ type }) => type.endsWith(":AutopilotFleet"));
	assert.equal(fleets.length, 1, "a fleet is one resource, however many machines it has");
	return { inputs: fleets[0]?.inputs ?? {}, outputs: fleets[0]?.outputs ?? {} };
}

/** Asserts that no hash is readable anywhere, and that the machines in state are encrypted. */
function assertSecret({ outcome, state }: Seen): void {
	const said = JSON.stringify([outcome.diagnostics, outcome.operations, outcome.outputs]);
	for (const text of [JSON.stringify(state), outcome.stdout, outcome.stderr, said])
		assertNoHash(HASHES, text);
}

function assertEncrypted({ state }: Seen): void {
	const { inputs, outputs } = findFleet(state);
	for (const value of [inputs["machines"], outputs["__members"]])
		assert.ok(typeof value === "object" && value !== null && "ciphertext" in value);
}

/** Asserts that the tenant has these machines with these group tags. */
function assertTagged({ emulator }: Seen, tags: Readonly<Record<string, string>>): void {
	const live = emulator.control.machines.list().map(({ serialNumber, groupTag }) => [serialNumber, groupTag]);
	assert.deepEqual(Object.fromEntries(live), tags);
	assert.deepEqual(emulator.control.machines.imports(), []);
}

testScenario(
	"a fleet of machines is one secret resource from creation to deletion",
	[
		{
			run: "preview",
			machines: KIOSKS,
			steps: ["create kiosks"],
			see(seen) {
				assert.deepEqual(Object.keys(seen.requests), ["GET /_identity/token"], "a preview signs in");
				assertSecret(seen);
			},
		},
		{
			run: "up",
			steps: ["create kiosks"],
			see(seen) {
				assertTagged(seen, Object.fromEntries(NAMES.map((name) => [name, "Kiosk"])));
				assert.equal(seen.requests[ROUTES.queueTogether], 1);
				assertSecret(seen);
				assertEncrypted(seen);
			},
		},
		{
			run: "up",
			options: { expectNoChanges: true },
			steps: [],
			see: ({ requests }) => assert.deepEqual(requests, { [ROUTES.signIn]: 1, [ROUTES.read]: NAMES.length }),
		},
		{
			run: "preview",
			machines: CHANGED,
			steps: ["update kiosks"],
			says: [CHANGES],
			see: assertSecret,
		},
		{
			run: "up",
			steps: ["update kiosks"],
			says: [CHANGES],
			see(seen) {
				assertTagged(seen, { "LOBBY-1": "Lobby", "LOBBY-2": "Kiosk", "LOBBY 4": "Kiosk", "GATE-1": "Kiosk" });
				assert.equal(getMachine(seen, "LOBBY-2").hardwareIdentifier, AGAIN);
				assert.equal(seen.requests[ROUTES.delete], 2);
				assertSecret(seen);
				assertEncrypted(seen);
			},
		},
		{
			run: "preview",
			options: { expectNoChanges: true },
			meanwhile({ emulator }) {
				const [gate] = emulator.control.machines.find("GATE-1");
				assert.ok(gate);
				emulator.control.machines.change(gate.id, { groupTag: "Seized" });
			},
			exit: 7,
			steps: ["update kiosks"],
			says: [
				/Machine GATE-1 \(\S+\) was changed outside Pulumi since the last deployment:/,
				/groupTag: "Kiosk" at the last deployment, "Seized" now, "Kiosk" declared/,
				/1 machine to change:\s+groupTag: GATE-1/,
			],
			see: assertSecret,
		},
		{
			run: "refresh",
			says: [/Machine GATE-1 \(\S+\) was changed outside Pulumi since the last deployment:/],
			see: assertEncrypted,
		},
		{
			run: "up",
			steps: ["update kiosks"],
			says: [/1 machine to change:\s+groupTag: GATE-1/],
			see: (seen) => assert.equal(getMachine(seen, "GATE-1").groupTag, "Kiosk"),
		},
		{
			run: "destroy",
			see(seen) {
				assertTagged(seen, {});
				assertSecret(seen);
			},
		},
	],
	{ root: locateProgram("kiosks") },
);
